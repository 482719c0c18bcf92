import { inspect } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RequestRefusedError, type TokenHandlerOptions } from '../../src/server/index.js';
import { ask, endpoint } from './ask.js';
import { appCertificate } from './official-tokens.js';

// Everything that somebody might send who means no good, and what must not come of it: an answer that is not documented, a secret in an
// answer, an error or a log, a prototype that has grown. What is done to sockets is in abuse-sockets.test.ts.

const OTHERS_SECRET = 'hunter2-of-the-database';
const DOCUMENTED: Readonly<Record<number, readonly string[]>> = {
  400: ['INVALID_JSON', 'INVALID_REQUEST', 'TOO_MANY_CHANNELS'],
  401: ['UNAUTHORIZED'],
  405: ['METHOD_NOT_ALLOWED'],
  408: ['BODY_TIMEOUT'],
  413: ['BODY_TOO_LARGE'],
  415: ['UNSUPPORTED_MEDIA_TYPE'],
  429: ['RATE_LIMITED'],
  500: ['INTERNAL'],
};

const logged: unknown[] = [];

beforeEach(() => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...values) => void logged.push(values));
  }
});

afterEach(() => {
  vi.restoreAllMocks();
  logged.length = 0;
});

/** A caller is who the body says, and may join what the body names. */
const trusting: TokenHandlerOptions['authorize'] = (_request, { userId, channels }) =>
  userId === undefined ? null : { userId, channels };

/** The answer's text, when it is a documented one with nothing in it that is not the caller's. */
async function documented(response: Response): Promise<string> {
  const text = await response.text();
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(text).not.toContain(appCertificate);
  if (response.status === 200) return text;
  const { error } = JSON.parse(text) as { error: { code: string; message: string } };
  expect(DOCUMENTED[response.status]).toContain(error.code);
  expect(text).not.toContain('007');
  return text;
}

const HOSTILE_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'userId',
  'signaling',
  'channels',
];
const HOSTILE_VALUES = [
  '',
  '*',
  '0',
  0,
  -0,
  1e308,
  null,
  true,
  '__proto__',
  'constructor',
  '\u0000',
  '\ud800',
  '../..',
  {},
  [],
];

const hostileValue = fc.oneof(
  fc.constantFrom<unknown>(...HOSTILE_VALUES),
  fc.jsonValue(),
  fc.array(fc.oneof(fc.constantFrom<unknown>(...HOSTILE_VALUES), fc.string()), { maxLength: 120 }),
);
const hostileObject = fc
  .array(fc.tuple(fc.constantFrom(...HOSTILE_KEYS), hostileValue), { maxLength: 8 })
  // Written out by hand: duplicate keys and "__proto__" must reach the handler as they are.
  .map((pairs) => `{${pairs.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join()}}`);
const hostileBody = fc.oneof(
  { weight: 4, arbitrary: hostileObject },
  { weight: 2, arbitrary: fc.jsonValue().map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 200 }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }) },
);

test('10 000 bodies of every kind get documented answers, and leave no trace', { timeout: 120_000 }, async () => {
  const handler = endpoint({ authorize: trusting, guideRoutes: true });
  const prototypes = [Object.prototype, Array.prototype, Function.prototype].map((one) =>
    Object.getOwnPropertyNames(one),
  );
  await fc.assert(
    fc.asyncProperty(hostileBody, async (body) => {
      await documented(await handler(ask('', { body })));
    }),
    { numRuns: 10_000 },
  );
  expect([Object.prototype, Array.prototype, Function.prototype].map((one) => Object.getOwnPropertyNames(one))).toEqual(
    prototypes,
  );
  expect(logged).toEqual([]);
});

test.each<[string, string]>([
  ['keys that would reach a prototype', '{"__proto__":{"userId":"root","signaling":true}}'],
  ['keys that would reach a constructor', '{"constructor":{"prototype":{"signaling":true}},"userId":"alice"}'],
  ['a list that is none', '{"userId":"alice","channels":{"length":2,"0":"stage","1":"vault"}}'],
  ['a wildcard user', '{"userId":"*","signaling":true}'],
  ['an empty user', '{"userId":"","signaling":true}'],
  ['a number for a user', '{"userId":0,"signaling":true}'],
  ['a wildcard channel', '{"userId":"alice","channels":["*"]}'],
  ['a channel "__proto__"', '{"userId":"alice","channels":["__proto__"]}'],
  ['a lone surrogate', '{"userId":"\\ud800","signaling":true}'],
  ['nesting without end', '{"a":'.repeat(3_000)],
  ['nesting that is closed', `${'['.repeat(8_000)}${']'.repeat(8_000)}`],
  ['a number too large', `{"userId":"alice","signaling":${'9'.repeat(5_000)}}`],
  ['a byte order mark and nothing', '\ufeff'],
])('%s gives no token', async (_name, body) => {
  const response = await endpoint({ authorize: trusting })(ask(body));
  expect(await documented(response)).not.toContain('"token"');
  expect(response.status).toBe(400);
});

test.each([
  'text/plain',
  'text/plain;application/json',
  'application/jsonp',
  'application/json,text/plain',
  'application/x-www-form-urlencoded',
  '',
])('what a foreign form can send is no JSON: %s', async (type) => {
  const response = await endpoint()(ask({ signaling: true }, { headers: { 'content-type': type } }));
  expect(response.status).toBe(415);
});

test('a user named twice is who authorize says, and a channel named twice is one', async () => {
  const response = await endpoint()(ask('{"userId":"bob","userId":"mallory","channels":["stage","stage"]}'));
  const body = JSON.parse(await documented(response)) as { userId: string; channels: object };
  expect([body.userId, Object.keys(body.channels)]).toEqual(['alice', ['stage']]);
});

describe('no secret shows', () => {
  const failing = (): never => {
    throw new Error(OTHERS_SECRET);
  };
  const denying = (): never => {
    throw new RequestRefusedError(403, 'BANNED', 'You are banned.');
  };
  test.each<[string, Partial<TokenHandlerOptions>]>([
    ['authorize fails', { authorize: failing }],
    ['authorize denies', { authorize: denying }],
    ['authorize answers nonsense', { authorize: () => ({ userId: '*' }) }],
    ['the limit fails', { limit: failing }],
    ['the limit holds back', { limit: () => ({ retryAfterSeconds: 1 }) }],
    ['the audit fails', { onIssued: failing }],
    ['the certificate cannot be had', { appCertificate: failing }],
    ['the certificate is damaged', { appCertificate: () => `${appCertificate} ` }],
    ['the certificate is another secret', { appCertificate: () => OTHERS_SECRET }],
  ])('when %s', async (_name, options) => {
    const errors: unknown[] = [];
    const handler = endpoint({ ...options, onError: (error) => void errors.push(error) });
    const answers = await Promise.all([
      handler(ask({ signaling: true, channels: ['stage', 'vault'] })),
      handler(ask('{')),
      handler(ask({ userId: '*', signaling: true })),
    ]);
    const texts = await Promise.all(answers.map((response) => response.text()));
    const shown = inspect([handler, errors, logged, answers, texts], { depth: 30, showHidden: true });
    expect(shown).not.toContain(appCertificate);
    expect(texts.join()).not.toContain(OTHERS_SECRET);
    if (answers[0]?.status !== 200) expect(texts.join()).not.toContain('007');
  });

  test('in what is logged without onError', async () => {
    await endpoint({ appCertificate: () => `${appCertificate} ` })(ask({ signaling: true }));
    expect(logged).toHaveLength(1);
    expect(inspect(logged, { depth: 30, showHidden: true })).not.toContain(appCertificate);
  });

  test('of one caller in the answers of another', async () => {
    const handler = endpoint({ authorize: trusting });
    const texts = await Promise.all(
      ['alice', 'bob'].map(async (userId) =>
        documented(await handler(ask({ userId, signaling: true, channels: [`${userId}s`] }))),
      ),
    );
    const tokens = texts.map((text) => text.match(/007[\w+/=]+/g) ?? []);
    expect(tokens.map((all) => all.length)).toEqual([2, 2]);
    expect(tokens[0]?.filter((token) => texts[1]?.includes(token))).toEqual([]);
  });
});
