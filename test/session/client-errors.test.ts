import { httpTokenSource, type SessionError } from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, outcome } from '../support/world.js';

beforeAll(inflateAtOnce);

/** An error as a client of HTTP has it: its class's name, its words, and what it carries. */
const error = (name: string, message: string, carried: object = {}): Error =>
  Object.assign(new Error(message), { name, ...carried });

/** A login whose token function throws this, the first time or always; answers what the session told of it, and how it ended. */
async function loginWith(thrown: unknown, { always = false } = {}) {
  const world = createWorld();
  let throws = true;
  const good = httpTokenSource({ url: 'https://app.test/tokens', fetch: world.server.fetch });
  const alice = world.session('alice', {
    tokens: async (...args) => {
      if (!throws) return good.getTokens(...args);
      throws = always;
      throw thrown;
    },
  });
  const login = outcome(alice.session.login({ timeoutMs: 60_000 }));
  await world.clock.advance(61_000);
  return { end: (await login) as SessionError | 'done', told: alice.told.tokenError?.[0]?.error };
}

describe('a status that may pass is waited out, wherever a client keeps it', () => {
  it.each<[string, unknown]>([
    ['a Supabase function', error('FunctionsHttpError', 'non-2xx', { context: new Response('', { status: 503 }) })],
    [
      'Apollo',
      error('ApolloError', 'Not successful', { networkError: error('ServerError', 'x', { statusCode: 503 }) }),
    ],
    ['tRPC', error('TRPCClientError', 'Service down', { data: { code: 'SERVICE_UNAVAILABLE', httpStatus: 503 } })],
    ['got, Amplify', error('HTTPError', 'Not successful', { response: { statusCode: 503 } })],
    ['AWS', error('ServiceException', 'Down', { $metadata: { httpStatusCode: 503 } })],
    ['a client that has it as a text', error('HttpError', 'Down', { status: '503' })],
    ['an error of the app around that', new Error('No tokens.', { cause: error('HTTPError', '', { status: 503 }) })],
    ['a Firebase function', error('FirebaseError', 'Down', { code: 'functions/unavailable' })],
    ['that is too slow', error('FirebaseError', 'Slow', { code: 'functions/deadline-exceeded' })],
    ['gRPC', error('RpcError', 'Down', { code: 14 })],
  ])('%s', async (_who, thrown) => {
    expect(await loginWith(thrown)).toMatchObject({
      end: 'done',
      told: { code: 'TOKEN_REQUEST_FAILED', cause: { status: expect.any(Number) } },
    });
  });
});

describe('trouble of the network is waited out, however it is said', () => {
  const offline = new TypeError('Failed to fetch');
  it.each<[string, unknown]>([
    ['a Supabase function', error('FunctionsFetchError', 'Failed to send a request', { context: offline })],
    ['urql', error('CombinedError', '[Network] Failed to fetch', { graphQLErrors: [] })],
    ['Apollo', error('ApolloError', 'Not successful', { networkError: offline })],
    ['XMLHttpRequest', Object.assign(new Event('error'), { lengthComputable: false, loaded: 0, total: 0 })],
    ['Electron', new Error("Error invoking remote method 'tokens': Error: net::ERR_INTERNET_DISCONNECTED")],
    ['Firefox', new TypeError('Error in input stream')],
    ['iOS', new Error('An SSL error has occurred and a secure connection to the server cannot be made.')],
    ['axios', error('CanceledError', 'canceled', { code: 'ERR_CANCELED' })],
    ['Bun', error('Error', 'Was there a typo in the url or port?', { code: 'ConnectionRefused' })],
    ['Deno', new TypeError('error sending request for url (https://app.test/tokens): client error (Connect)')],
  ])('%s', async (_who, thrown) => {
    expect(await loginWith(thrown)).toMatchObject({ end: 'done', told: { code: 'TOKEN_REQUEST_FAILED' } });
  });

  it('also where the errors of a client lead to each other', async () => {
    const response = { data: {}, error: null as unknown };
    response.error = error('ClientError', 'Not successful', { response, cause: offline });
    expect((await loginWith(response.error)).end).toBe('done');
  });

  it.each([
    'Upload failed: the payload failed validation',
    'The subscription was canceled',
    'net::ERR_UNKNOWN_URL_SCHEME',
  ])('but this is a mistake of the app, and none: %s', async (message) => {
    expect(await loginWith(new Error(message), { always: true })).toMatchObject({
      end: { code: 'TOKEN_SOURCE_FAILED', message: expect.stringContaining(message) },
    });
  });
});

describe('a denial is one, wherever a client keeps its status', () => {
  it.each<[string, number, unknown]>([
    ['a Supabase function', 403, error('HttpError', 'non-2xx', { context: new Response('', { status: 403 }) })],
    ['Apollo', 403, error('ApolloError', 'x', { networkError: error('ServerError', 'x', { statusCode: 403 }) })],
    ['tRPC', 401, error('TRPCClientError', 'x', { data: { code: 'UNAUTHORIZED', httpStatus: 401 } })],
    ['got, Amplify', 403, error('HTTPError', 'x', { response: { statusCode: 403 } })],
    ['AWS', 403, error('AccessDeniedException', 'x', { $metadata: { httpStatusCode: 403 } })],
    ['a client that has it as a text', 403, error('HttpError', 'x', { status: '403' })],
    ['a Firebase function', 403, error('FirebaseError', 'x', { code: 'functions/permission-denied' })],
    ['that wants a login', 401, error('FirebaseError', 'x', { code: 'functions/unauthenticated' })],
    ['gRPC', 403, error('RpcError', 'x', { code: 7 })],
    ['gRPC that wants a login', 401, error('RpcError', 'x', { code: 16 })],
  ])('%s', async (_who, status, thrown) => {
    expect((await loginWith(thrown, { always: true })).end).toMatchObject({ code: 'TOKEN_DENIED', cause: { status } });
  });
});

describe("the server's words arrive", () => {
  const body = { error: { code: 'BANNED', message: 'Alice is banned here' } };
  it.each<[string, unknown]>([
    ['axios', error('AxiosError', 'failed with 403', { code: 'ERR_BAD', response: { status: 403, data: body } })],
    ['ofetch', error('FetchError', '[POST] "/api": 403 Forbidden', { statusCode: 403, data: body })],
    ['Angular', error('HttpErrorResponse', 'failed: 403 Forbidden', { status: 403, error: body })],
    ['superagent', error('Error', 'Forbidden', { status: 403, response: { status: 403, body } })],
    [
      'Apollo',
      error('ApolloError', 'got 403', { networkError: { statusCode: 403, result: { errors: [body.error] } } }),
    ],
    ['who throws the answer', { status: 403, ...body }],
  ])('of %s', async (_who, thrown) => {
    expect((await loginWith(thrown, { always: true })).end).toMatchObject({
      code: 'TOKEN_DENIED',
      message: 'The token server answered 403 (BANNED): Alice is banned here',
      cause: { status: 403, code: 'BANNED' },
    });
  });

  it('without a secret that they, or their code, quote', async () => {
    const message = 'Wrong header: Authorization: Bearer sesame';
    const thrown = { status: 422, data: { code: '5CFd2fd1755d40ecb72977518be15d3b', message } };
    const { end } = await loginWith(thrown, { always: true });
    expect(end).toMatchObject({ message: expect.stringContaining('Wrong header'), cause: { status: 422 } });
    expect(JSON.stringify([end, (end as SessionError).message])).not.toMatch(/sesame|5CFd/);
  });
});

describe('what a client returns where others throw means the same', () => {
  const returned = async (answer: unknown): Promise<SessionError> => {
    const world = createWorld();
    const alice = world.session('alice', { tokens: async () => answer as never });
    const login = outcome(alice.session.login({ timeoutMs: 5_000 }));
    await world.clock.advance(6_000);
    // Trouble of the network is no end of a login: it is told, and tried again.
    return alice.told.tokenError?.[0]?.error ?? ((await login) as SessionError);
  };

  it.each<[string, unknown, object]>([
    [
      'an error',
      new Error('Alice is banned'),
      { code: 'TOKEN_SOURCE_FAILED', message: /threw Error: Alice is banned/ },
    ],
    ['a Response', new Response('{}', { status: 403 }), { code: 'TOKEN_DENIED', message: /answered 403/ }],
    ['a Response with 200', new Response('{}'), { code: 'TOKEN_INVALID', message: /got Response/ }],
    ['a list', [{ token: '007eJx' }], { code: 'TOKEN_INVALID', message: /got list/ }],
    [
      '{ data, error } of Supabase',
      { data: null, error: error('HttpError', 'non-2xx', { context: new Response('', { status: 403 }) }) },
      { code: 'TOKEN_DENIED', message: /answered 403: non-2xx/ },
    ],
    [
      '{ error, response } of openapi-fetch',
      { error: { message: 'Alice is banned' }, response: new Response('', { status: 403 }) },
      { code: 'TOKEN_DENIED', message: /answered 403: Alice is banned/ },
    ],
    [
      'the error of a network',
      { data: null, error: new TypeError('Failed to fetch') },
      { code: 'TOKEN_REQUEST_FAILED', message: /reachable/ },
    ],
  ])('%s', async (_what, answer, { code, message }: { code?: string; message?: RegExp }) => {
    expect(await returned(answer)).toMatchObject({ code, message: expect.stringMatching(message ?? '') });
  });
});
