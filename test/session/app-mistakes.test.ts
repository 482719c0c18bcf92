import { httpTokenSource, type SessionError, singleTokenSource, type TokenSource } from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, outcome, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

const url = 'https://app.test/tokens';
/** What an unset variable gives, in any of the app's own functions. */
const slip = (): never => {
  const user = undefined as unknown as { accessToken: string };
  return user.accessToken as never;
};

async function loginWith(tokens: (world: World) => TokenSource | TokenSource['getTokens']): Promise<SessionError> {
  const world = createWorld();
  const { session } = world.session('alice', { tokens: tokens(world) });
  const login = outcome(session.login({ timeoutMs: 30_000 }));
  await world.clock.advance(100);
  expect(session.state.status).toBe('failed');
  expect(world.clock.pending).toBe(0);
  return (await login) as SessionError;
}

describe("a mistake in the app's own code ends the login at once, with its message, where it is in", () => {
  it.each<[string, (world: World) => TokenSource | TokenSource['getTokens']]>([
    ['the token function', () => async () => slip()],
    ['a token function that is not even asynchronous', () => slip],
    ['`response`', ({ server }) => httpTokenSource({ url, fetch: server.fetch, response: slip })],
    [
      'an asynchronous `response`',
      ({ server }) => httpTokenSource({ url, fetch: server.fetch, response: async () => slip() }),
    ],
    ['`request`', ({ server }) => httpTokenSource({ url, fetch: server.fetch, request: slip })],
    ['`headers`', ({ server }) => httpTokenSource({ url, fetch: server.fetch, headers: slip })],
    [
      'asynchronous `headers`',
      ({ server }) => httpTokenSource({ url, fetch: server.fetch, headers: async () => slip() }),
    ],
    [
      '`token` of a server of single tokens',
      ({ server }) =>
        singleTokenSource({
          url,
          fetch: server.fetch,
          request: () => ({ path: '', json: { userId: 'alice', signaling: true } }),
          token: slip,
        }),
    ],
    [
      '`request` of a server of single tokens',
      ({ server }) => singleTokenSource({ url, fetch: server.fetch, request: slip, token: slip }),
    ],
  ])('%s', async (_where, tokens) => {
    expect(await loginWith(tokens)).toMatchObject({
      code: 'TOKEN_SOURCE_FAILED',
      retryable: false,
      message: expect.stringContaining("reading 'accessToken'"),
      cause: { name: 'TypeError' },
    });
  });

  it.each<[string, (world: World) => TokenSource | TokenSource['getTokens'], RegExp]>([
    [
      'a `response` that gives nothing',
      ({ server }) => httpTokenSource({ url, fetch: server.fetch, response: () => undefined as never }),
      /`response`.*undefined/,
    ],
    [
      'headers that HTTP cannot carry',
      ({ server }) => httpTokenSource({ url, fetch: server.fetch, headers: { authorization: 'Bearer sesame\nopen' } }),
      /`headers`/,
    ],
    ['a rejection with a text', () => () => Promise.reject('no user is signed in'), /no user is signed in/],
    [
      'a body that is no JSON',
      ({ server }) => httpTokenSource({ url, fetch: server.fetch, request: () => 1n }),
      /BigInt/,
    ],
    [
      'a relative address outside a page',
      ({ server }) => httpTokenSource({ url: '/tokens', fetch: server.fetch }),
      /`url` is relative/,
    ],
    [
      'an address that no network reaches',
      () => () => globalThis.fetch('ftp://app.test/tokens') as never,
      /fetch failed|scheme/,
    ],
  ])('says what is wrong of %s', async (_what, tokens, message) => {
    const error = await loginWith(tokens);
    expect(error).toMatchObject({ code: 'TOKEN_SOURCE_FAILED', message: expect.stringMatching(message) });
    expect(error.message).not.toContain('sesame');
  });

  it.each<[string, unknown, RegExp]>([
    ['a bare token', '007eJx', /got string/],
    ['nothing', undefined, /got undefined/],
    ['a token without its target', { token: '007eJx', expiresIn: 60 }, /got \{ token, expiresIn \}/],
    ['a token in the place of a grant', { signaling: '007eJx' }, /a string where \{ token \} was expected/],
    [
      'a token that was not awaited',
      { signaling: { token: Promise.resolve('007eJx') } },
      /Promise that was not awaited/,
    ],
  ])('says what came in the place of an answer: %s', async (_what, answer, message) => {
    const error = await loginWith(() => async () => answer as never);
    expect(error).toMatchObject({ code: 'TOKEN_INVALID', message: expect.stringMatching(message) });
    expect(error.message).not.toContain('007eJx');
  });
});

it('takes mappers that are asynchronous where a plain value would do', async () => {
  const world = createWorld();
  const options = { url, fetch: world.server.fetch };
  const alice = world.session('alice', {
    tokens: httpTokenSource({
      ...options,
      request: async ({ userId, signaling, channels }) => ({ userId, signaling, channels }),
      response: async (answer) => answer as never,
    }),
  });
  await world.login(alice);
  const bob = world.session('bob', {
    tokens: singleTokenSource({
      ...options,
      request: async (_target, userId) => ({ path: '', json: { userId, signaling: true } }),
      token: async ({ signaling }) => (signaling as { token: string }).token,
    }),
  });
  await world.login(bob);
});

it('reports a mistake at a renewal, stays connected, and tries again more and more slowly', async () => {
  const world = createWorld();
  let broken = false;
  const source = httpTokenSource({ url, fetch: world.server.fetch });
  const alice = world.session('alice', { tokens: async (...args) => (broken ? slip() : source.getTokens(...args)) });
  await world.login(alice);
  broken = true;
  const renewal = outcome(alice.session.renewTokens());
  await world.clock.advance(600_000);
  expect(await renewal).toMatchObject({ code: 'TOKEN_SOURCE_FAILED', message: expect.stringContaining('accessToken') });
  expect(alice.session.state.status).toBe('connected');
  const told = alice.told.tokenError ?? [];
  expect(told.map(({ error }) => error.code)).toContain('TOKEN_SOURCE_FAILED');
  expect(told.length).toBeLessThan(30);
  broken = false;
  await world.clock.advance(120_000);
  expect(alice.told.tokenRenewed).toHaveLength(1);
});

describe('what stays trouble of the network, and is tried again', () => {
  const system = (code: string) => Object.assign(new Error(`connect ${code}`), { code });
  it.each<[string, unknown]>([
    ['Chromium', new TypeError('Failed to fetch')],
    ['Firefox', new TypeError('NetworkError when attempting to fetch resource.')],
    ['Safari', new TypeError('Load failed')],
    ['Node', new TypeError('fetch failed', { cause: system('ECONNREFUSED') })],
    ['a stream that ends early', new TypeError('terminated')],
    ['an abort', new DOMException('This operation was aborted', 'AbortError')],
    ['a time-out of the app', new DOMException('The operation timed out.', 'TimeoutError')],
    ['axios', Object.assign(new Error('Network Error'), { code: 'ERR_NETWORK' })],
    ['a wrapped error', new Error('No tokens.', { cause: new TypeError('Failed to fetch') })],
    ['an HTTP client with 503', Object.assign(new Error('Service unavailable'), { response: { status: 503 } })],
    ['a thrown response with 502', new Response(null, { status: 502 })],
  ])('%s', async (_who, error) => {
    const world = createWorld();
    let failures = 3;
    const source = httpTokenSource({ url, fetch: world.server.fetch });
    const alice = world.session('alice', {
      tokens: async (...args) => {
        if (failures-- > 0) throw error;
        return source.getTokens(...args);
      },
    });
    const login = outcome(alice.session.login());
    await world.clock.advance(20_000);
    expect(await login).toBe('done');
    expect(alice.told.tokenError?.[0]?.error.code).toBe('TOKEN_REQUEST_FAILED');
  });

  it('a body that ends early', async () => {
    const world = createWorld();
    let failures = 2;
    world.server.fault = () => {
      const body = new ReadableStream({
        start: (controller) => {
          controller.enqueue(new TextEncoder().encode('{"signaling":'));
          controller.error(new TypeError('terminated'));
        },
      });
      return failures-- > 0 ? new Response(body) : null;
    };
    await world.login(world.session('alice'));
    expect(world.server.requests).toHaveLength(3);
  });

  it('but an HTTP client with 404 is the last word at a login', async () => {
    const error = await loginWith(() => async () => {
      throw Object.assign(new Error('Not found'), { status: 404 });
    });
    expect(error).toMatchObject({
      code: 'TOKEN_REQUEST_FAILED',
      cause: { status: 404 },
      message: expect.stringContaining('404'),
    });
  });

  it.each([401, 403])('but an HTTP client with %i says that this user gets none', async (status) => {
    const error = await loginWith(() => async () => {
      throw Object.assign(new Error('Refused'), { response: { status } });
    });
    expect(error).toMatchObject({ code: 'TOKEN_DENIED', retryable: false, cause: { status } });
  });
});

it('passes on what an app says of a denial or of a failed request, but no secret in it', async () => {
  const { TokenDeniedError, TokenRequestError } = await import('agora-session');
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P';
  const denied = await loginWith(() => () => Promise.reject(new TokenDeniedError('The trial is over.')));
  expect(denied).toMatchObject({ code: 'TOKEN_DENIED', message: 'The trial is over.' });
  const failed = await loginWith(
    () => () =>
      Promise.reject(
        new TokenRequestError(`GET https://app.test/t?key=sesame with Bearer ${jwt} failed.`, {
          status: 422,
          code: 'NO_PLAN',
        }),
      ),
  );
  expect(failed).toMatchObject({ code: 'TOKEN_REQUEST_FAILED', cause: { status: 422, code: 'NO_PLAN' } });
  expect(failed.message).toMatch(/^GET https:\/\/app\.test\/t… with Bearer … failed\.$/);
});
