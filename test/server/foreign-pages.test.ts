import { afterEach, describe, expect, test, vi } from 'vitest';
import { type FetchHandler, type TokenHandlerOptions, translateTokens } from '../../src/server/index.js';
import { endpoint } from './ask.js';

// The ways in which other servers are asked need no preflight, so that any page could ask with its visitor's cookies. It could not read
// the answer, but the visitor would be counted and audited for it.

afterEach(() => void vi.unstubAllEnvs());

const told = { authorize: vi.fn(() => ({ userId: 'alice' })), limit: vi.fn(() => null), onIssued: vi.fn() };
const onDecision = vi.fn();
const cors = { origins: ['https://app.example'] };
const options: Partial<TokenHandlerOptions> = { ...told, onDecision, cors, guideRoutes: true };
const translated = (handler: FetchHandler, anyOrigin = false): FetchHandler =>
  translateTokens(
    handler,
    { ask: () => ({ userId: 'alice', signaling: true, channels: [] }), answer: ({ signaling }) => signaling },
    { anyOrigin },
  );

const guide = (headers: Record<string, string>): Request =>
  new Request('https://backend.example/fetch_rtm_token', {
    method: 'POST',
    headers: { 'content-type': 'text/plain', ...headers },
    body: '{"uid":"alice"}',
  });
const get = (headers: Record<string, string>): Request => new Request('https://backend.example/rtm/alice', { headers });
const form = (headers: Record<string, string>): Request =>
  new Request('https://backend.example/', { method: 'POST', headers, body: '{}' });

const WAYS: [string, FetchHandler, (headers: Record<string, string>) => Request][] = [
  ['the guide’s routes', endpoint(options), guide],
  ['translated tokens with GET', translated(endpoint(options)), get],
  ['translated tokens with POST', translated(endpoint(options)), form],
];

describe.each(WAYS)('%s', (_name, handler, request) => {
  afterEach(() => void vi.clearAllMocks());

  test.each<[string, Record<string, string>]>([
    ['of another origin', { origin: 'https://evil.example' }],
    ['of none', { origin: 'null' }],
    ['of a sister site', { origin: 'https://other.backend.example', 'sec-fetch-site': 'same-site' }],
    ['of another site, without an origin', { 'sec-fetch-site': 'cross-site' }],
    ['of another port, without an origin', { 'sec-fetch-site': 'same-site' }],
    ['that names the host at its end', { origin: 'https://evil-backend.example' }],
  ])('refuse a page %s before anything else is done', async (_page, headers) => {
    const response = await handler(request(headers));
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    for (const not of Object.values(told)) expect(not).not.toHaveBeenCalled();
  });

  test.each<[string, Record<string, string>]>([
    ['their own pages', { origin: 'https://backend.example', 'sec-fetch-site': 'same-origin' }],
    ['their own pages where TLS ends elsewhere', { origin: 'http://backend.example' }],
    ['their own pages behind a proxy', { origin: 'https://public.example', 'sec-fetch-site': 'same-origin' }],
    ['pages of the listed origins', { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' }],
    ['a person', { 'sec-fetch-site': 'none' }],
    ['what is no browser', {}],
  ])('answer %s', async (_page, headers) => {
    expect((await handler(request(headers))).status).toBe(200);
    expect(told.authorize).toHaveBeenCalledOnce();
  });
});

test('anyOrigin lets pages of any origin ask', async () => {
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  const open = endpoint({ ...options, guideRoutes: { anyOrigin: true } });
  expect((await open(guide(headers))).status).toBe(200);
  expect((await translated(endpoint(options), true)(get(headers))).status).toBe(200);
});

test('anyOrigin is refused in production, for translated tokens too', () => {
  vi.stubEnv('NODE_ENV', 'production');
  expect(() => translated(endpoint(), true)).toThrow(expect.objectContaining({ argument: 'anyOrigin' }));
});
