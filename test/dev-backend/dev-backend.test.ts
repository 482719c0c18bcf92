import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createDevBackend, type DevBackendOptions, PATHS } from '../../src/dev-backend/index.js';
import { verifyAccessToken } from '../../src/server/index.js';
import { appCertificate, appId } from '../server/official-tokens.js';

const project = { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate };
const ORIGIN = 'http://localhost:5173';

afterEach(() => vi.unstubAllEnvs());

function backend(environment: Record<string, string> = {}, options: Partial<DevBackendOptions> = {}) {
  return createDevBackend({ environment, ...options });
}

function post(path: string, body: unknown, headers: Record<string, string> = {}, origin = ORIGIN): Request {
  return new Request(`${origin}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

const login = { userId: 'alice', signaling: true };
const codeOf = async (response: Response) =>
  ((await response.json()) as { error?: { code: string } }).error?.code ?? 'none';

describe('without credentials', () => {
  test('a project is made up, another one each time, and a local Signaling goes with it', async () => {
    const made = backend();
    expect(await (await made.handler(new Request(`${ORIGIN}${PATHS.config}`))).json()).toEqual({
      appId: expect.stringMatching(/^[0-9a-f]{32}$/),
      emulator: true,
      signalingPath: '/api/agora/signaling',
      signalingOrigin: null,
      expiresInSeconds: 3600,
      throwawayCredentials: true,
    });
    expect(made.emulator?.appId).toBe(made.config.appId);
    expect(backend().config.appId).not.toBe(made.config.appId);
  });

  test('the guide’s routes answer pages of any origin, which can do no harm there', async () => {
    const response = await backend().handler(
      post(PATHS.guideRtm, { uid: 'alice' }, { origin: 'https://elsewhere.example' }),
    );
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([200, '*']);
  });
});

describe('with credentials', () => {
  test('tokens are good for that project, and Signaling is Agora’s', async () => {
    const real = backend(project);
    expect(real.config).toMatchObject({ appId, emulator: false, throwawayCredentials: false });
    const body = (await (await real.handler(post(PATHS.tokens, login))).json()) as { signaling: { token: string } };
    expect(verifyAccessToken(body.signaling.token, { appId, appCertificate }).expiresInSeconds).toBe(3600);
    expect([real.owns(PATHS.tokens), real.owns(PATHS.controls), real.owns('/')]).toEqual([true, false, false]);
  });

  test('a local Signaling runs where it is asked for', () => {
    expect(backend(project, { emulator: true }).config.emulator).toBe(true);
    expect(backend({}, { emulator: false }).emulator).toBeNull();
  });

  test('the guide’s routes answer the server’s own pages only', async () => {
    const foreign = await backend(project).handler(
      post(PATHS.guideRtm, { uid: 'alice' }, { origin: 'https://elsewhere.example' }),
    );
    expect(foreign.status).toBe(403);
    const own = await backend(project).handler(post(PATHS.guideRtm, { uid: 'alice' }, { origin: ORIGIN }));
    expect([own.status, own.headers.has('access-control-allow-origin')]).toEqual([200, false]);
  });

  test('tokens that are real are not given to just anyone in production', () => {
    vi.stubEnv('NODE_ENV', 'production');
    expect(() => backend(project)).toThrow(expect.objectContaining({ argument: 'authorize' }));
    expect(backend().config.throwawayCredentials).toBe(true);
  });
});

describe('the life of the tokens', () => {
  const lifeOf = async (environment: Record<string, string>, query: string) => {
    const response = await backend(environment).handler(
      post(`${PATHS.tokens}${query}`, { ...login, channels: ['stage'] }),
    );
    const body = (await response.json()) as { signaling?: { expiresIn: number }; error?: { code: string } };
    return body.signaling?.expiresIn ?? body.error?.code;
  };

  test('is also the longest of what authorize allows in a channel, so that short lives can be tried', async () => {
    const channels = [{ channelName: 'stage', privileges: { joinChannel: 600 } }];
    const { handler } = backend({ TOKEN_TTL_SECONDS: '120' }, { authorize: () => ({ userId: 'alice', channels }) });
    for (const [query, life] of [
      ['', 120],
      ['?expiresInSeconds=30', 30],
    ] as const) {
      const response = await handler(post(`${PATHS.tokens}${query}`, { channels: ['stage'] }));
      expect(await response.json()).toMatchObject({ channels: { stage: { expiresIn: life } } });
    }
  });

  test('is an hour, or TOKEN_TTL_SECONDS, or what the request says', async () => {
    expect(await lifeOf({}, '')).toBe(3600);
    expect(await lifeOf({ TOKEN_TTL_SECONDS: '120' }, '')).toBe(120);
    expect(await lifeOf({ TOKEN_TTL_SECONDS: '120' }, '?expiresInSeconds=30')).toBe(30);
  });

  test.each<[object, string, number]>([
    [{}, '?expiresInSeconds=7200', 3600],
    [{}, '?expiresInSeconds=30', 30],
    [{ expiresInSeconds: 60 }, '?expiresInSeconds=86400', 60],
    [{ expiresInSeconds: 60 }, '?expiresInSeconds=30', 30],
    [{ expiresInSeconds: 7200 }, '?expiresInSeconds=7000', 7000],
  ])('is at most that of authorize: %j with %s', async (verdict, query, life) => {
    const { handler } = backend({}, { authorize: () => ({ userId: 'alice', ...verdict }) });
    const response = await handler(post(`${PATHS.tokens}${query}`, login));
    expect(await response.json()).toMatchObject({ signaling: { expiresIn: life } });
  });

  test.each(['0', '86401', '-1', '1.5', '1e3', 'abc', ''])('cannot be "%s"', async (text) => {
    expect(await lifeOf({}, `?expiresInSeconds=${text}`)).toBe('INVALID_REQUEST');
    if (text === '') return;
    expect(() => backend({ TOKEN_TTL_SECONDS: text })).toThrow(
      expect.objectContaining({ argument: 'TOKEN_TTL_SECONDS' }),
    );
  });
});

describe('only this machine and this page are answered:', () => {
  test.each<[string, number, Record<string, string>]>([
    ['http://localhost:5173', 200, {}],
    ['http://127.0.0.1:5173', 200, { origin: 'http://127.0.0.1:5173' }],
    ['http://[::1]:5173', 200, { origin: 'http://[::1]:5173' }],
    ['http://app.localhost:5173', 200, {}],
    ['http://localhost:5173', 200, { origin: 'http://localhost:4000' }],
    ['http://localhost:5173', 403, { origin: 'http://localhost:9999' }],
    ['http://localhost:5173', 403, { origin: 'https://evil.example' }],
    ['http://localhost:5173', 403, { origin: 'null' }],
    ['http://192.168.0.7:5173', 403, {}],
    ['http://evil.example:5173', 403, { origin: 'http://evil.example:5173' }],
    ['http://127.0.0.1.evil.example', 403, {}],
    ['http://localhost.evil.example', 403, {}],
  ])('%s, %d %j', async (host, status, headers) => {
    const { handler } = backend({}, { origins: ['http://localhost:4000'] });
    expect((await handler(post(PATHS.tokens, login, headers, host))).status).toBe(status);
    expect((await handler(new Request(`${host}${PATHS.config}`, { headers }))).status).toBe(status);
    expect((await handler(post(PATHS.controls, { action: 'kick', userId: 'alice' }, headers, host))).status).toBe(
      status === 200 ? 204 : 403,
    );
  });

  test('pages of the listed origins may use everything, preflight included', async () => {
    const origin = 'http://localhost:4000';
    const { handler } = backend({}, { origins: [origin] });
    for (const path of [PATHS.tokens, PATHS.config, PATHS.controls]) {
      const headers = { origin, 'access-control-request-headers': 'content-type' };
      const response = await handler(new Request(`${ORIGIN}${path}`, { method: 'OPTIONS', headers }));
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, origin]);
    }
    const config = await handler(new Request(`${ORIGIN}${PATHS.config}`, { headers: { origin } }));
    expect(config.headers.get('access-control-allow-origin')).toBe(origin);
  });

  test('with authorize others are asked who they are, and still have no controls', async () => {
    const authorize = (request: Request) => (request.headers.has('cookie') ? { userId: 'alice' } : null);
    const { handler } = backend(project, { authorize, emulator: true });
    const host = 'https://team.example';
    expect((await handler(post(PATHS.tokens, login, {}, host))).status).toBe(401);
    expect((await handler(post(PATHS.tokens, login, { cookie: 'id=1' }, host))).status).toBe(200);
    expect((await handler(post(PATHS.controls, { action: 'kick', userId: 'alice' }, {}, host))).status).toBe(403);
  });
});

test.each([null, false, 'alice', {}])('an authorize that is none opens nothing to other machines: %j', (authorize) => {
  expect(() => createDevBackend({ environment: project, authorize: authorize as never })).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', argument: 'authorize' }),
  );
});

describe('which machine asks is seen by the listener', () => {
  const askedBy = async (options: Partial<DevBackendOptions>, environment: Record<string, string>, path: string) => {
    const server = createServer(backend(environment, { emulator: true, ...options }).listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
    const statusOf = async (headers: Record<string, string>) => {
      const body = JSON.stringify({ ...login, action: 'cut-network' });
      return (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }))
        .status;
    };
    try {
      return await Promise.all([
        statusOf({}),
        statusOf({ 'x-forwarded-for': '127.0.0.1, ::1' }),
        statusOf({ 'x-forwarded-for': '203.0.113.7' }),
        statusOf({ 'x-forwarded-for': '127.0.0.1, 203.0.113.7' }),
        statusOf({ forwarded: 'for=203.0.113.7' }),
      ]);
    } finally {
      server.close();
    }
  };
  const authorize = () => ({ userId: 'alice' });

  test('real tokens are for this machine', async () => {
    expect(await askedBy({}, project, PATHS.tokens)).toEqual([200, 200, 403, 403, 403]);
  });

  test('with authorize they are for whom it knows, and the controls for this machine', async () => {
    expect(await askedBy({ authorize }, project, PATHS.tokens)).toEqual([200, 200, 200, 200, 200]);
    expect(await askedBy({ authorize }, project, PATHS.controls)).toEqual([204, 204, 403, 403, 403]);
  });

  test.each([
    '/api/agora/./controls',
    '/api/agora/%2e/controls',
    '/mounted/api/agora/controls',
    '/api/agora/controls?a=1',
  ])('the controls at %s, too', async (path) => {
    expect(await askedBy({ authorize }, project, path)).toEqual([204, 204, 403, 403, 403]);
  });

  test('those of a project that was made up may leave it, as from a container', async () => {
    expect(await askedBy({}, {}, PATHS.tokens)).toEqual([200, 200, 200, 200, 200]);
  });
});

test('a listed origin can read a refusal, which is not kept', async () => {
  const origin = 'http://localhost:4000';
  const { handler } = backend({}, { origins: [origin] });
  for (const [body, headers, status] of [
    [{ action: 'dance' }, {}, 400],
    [{}, { 'content-type': 'application/jsonp' }, 415],
  ] as const) {
    const response = await handler(post(PATHS.controls, body, { origin, ...headers }));
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([status, origin]);
    expect(response.headers.get('cache-control')).toBe('no-store');
  }
});

test('a path that is not the backend’s is answered with 404', async () => {
  const response = await backend().handler(new Request(`${ORIGIN}/index.html`));
  expect([response.status, await codeOf(response)]).toEqual([404, 'NOT_FOUND']);
});

describe('the controls', () => {
  test('make the token endpoint fail or deny one user, and no other, until told otherwise', async () => {
    const { handler } = backend();
    const control = async (action: string) => (await handler(post(PATHS.controls, { action, userId: 'alice' }))).status;
    const ask = async (userId: string) => {
      const response = await handler(post(PATHS.tokens, { userId, signaling: true }));
      return [response.status, await codeOf(response)];
    };
    expect(await control('tokens-down')).toBe(204);
    expect([await ask('alice'), await ask('bob')]).toEqual([
      [503, 'TOKENS_DOWN'],
      [200, 'none'],
    ]);
    await control('tokens-up');
    await control('deny-tokens');
    expect([await ask('alice'), await ask('bob')]).toEqual([
      [403, 'TOKENS_DENIED'],
      [200, 'none'],
    ]);
    await control('allow-tokens');
    expect(await ask('alice')).toEqual([200, 'none']);
  });

  test.each<[string, unknown]>([
    ['no object', null],
    ['an unknown action', { action: 'constructor', userId: 'alice' }],
    ['no user', { action: 'kick' }],
    ['a wrong channel', { action: 'expire-token', userId: 'alice', channelName: '' }],
  ])('refuse %s', async (_, body) => {
    const response = await backend().handler(post(PATHS.controls, body));
    expect([response.status, await codeOf(response)]).toEqual([400, 'INVALID_REQUEST']);
  });

  test('are used with POST and JSON', async () => {
    const { handler } = backend();
    expect((await handler(new Request(`${ORIGIN}${PATHS.controls}`))).status).toBe(405);
    expect((await handler(post(PATHS.controls, {}, { 'content-type': 'text/plain' }))).status).toBe(415);
  });
});
