import {
  agoraTokenServiceSource,
  guideTokenSource,
  httpTokenSource,
  type SessionError,
  type TokenSource,
} from 'agora-session';
import { createTokenHandler, RequestRefusedError } from 'agora-session/server';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { APP_CERTIFICATE, APP_ID } from '../support/tokens.js';
import { createWorld, outcome } from '../support/world.js';

beforeAll(inflateAtOnce);

const url = 'https://app.test/tokens';

async function loginWith(tokens: TokenSource): Promise<SessionError> {
  const world = createWorld();
  const { session } = world.session('alice', { tokens });
  const login = outcome(session.login({ timeoutMs: 5_000 }));
  await world.clock.advance(6_000);
  return (await login) as SessionError;
}

/** A source whose server always answers so. */
const answered = (make: typeof agoraTokenServiceSource, status: number, body: unknown): TokenSource =>
  make({ url, fetch: async () => Response.json(body, { status }) });

describe('the status of a denial', () => {
  it.each([401, 403])('%i is told at a login and at a renewal', async (status) => {
    const world = createWorld();
    world.server.fault = () => new Response(null, { status });
    const denied = world.session('alice');
    const login = outcome(denied.session.login());
    await world.clock.advance(1_000);
    expect(await login).toMatchObject({
      code: 'TOKEN_DENIED',
      cause: { status },
      message: expect.stringContaining(`${status}`),
    });

    world.server.fault = null;
    const renewing = world.session('bob');
    await world.login(renewing);
    world.server.fault = () => new Response(null, { status });
    await Promise.all([outcome(renewing.session.renewTokens()), world.clock.advance(1_000)]);
    expect(renewing.told.tokenError?.at(-1)?.error.cause).toMatchObject({ status });
  });

  it.each([401, 403])('%i is told of a server that gives single tokens', async (status) => {
    const error = await loginWith(answered(agoraTokenServiceSource, status, {}));
    expect(error).toMatchObject({
      code: 'TOKEN_DENIED',
      cause: { status },
      message: expect.stringContaining(`${status}`),
    });
  });
});

describe('the code of a refusal', () => {
  it.each([
    [403, 'BANNED'],
    [422, 'NO_SUBSCRIPTION'],
    [400, 'NO_ROOM'],
  ] as const)('of the endpoint with %i is passed on: %s', async (status, code) => {
    const handler = createTokenHandler({
      appId: APP_ID,
      appCertificate: APP_CERTIFICATE,
      authorize: () => {
        throw new RequestRefusedError(status, code, 'Not you.');
      },
    });
    const error = await loginWith(httpTokenSource({ url, fetch: async (...args) => handler(new Request(...args)) }));
    expect(error.message).toContain(`${status} (${code}): Not you.`);
    expect(error.cause).toMatchObject({ status, code });
  });

  it('of one channel is passed on', async () => {
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    world.server.tamper = (answer) => ({
      ...answer,
      channels: { vault: { error: { code: 'CLOSED', message: 'Open at nine.' } } },
    });
    const join = outcome(alice.session.joinStreamChannel('vault'));
    await world.clock.advance(1_000);
    expect(await join).toMatchObject({
      code: 'TOKEN_DENIED',
      cause: { code: 'CLOSED' },
      message: expect.stringContaining('CLOSED: Open at nine.'),
    });
  });

  it('of the guide’s server stands in the body of a 200, with the text in the place of the token', async () => {
    const error = await loginWith(answered(guideTokenSource, 200, { token: 'Wrong parameters.', code: '400' }));
    expect(error).toMatchObject({ code: 'TOKEN_INVALID', cause: { code: '400' } });
    expect(error.message).toContain('400: Wrong parameters.');
  });

  it.each<[string, typeof agoraTokenServiceSource, number, unknown, string]>([
    [
      'the guide’s server with a status',
      guideTokenSource,
      400,
      { token: 'Wrong type provided.', code: '400' },
      '400: Wrong type provided.',
    ],
    ['{ error }', agoraTokenServiceSource, 400, { error: 'missing param: uid' }, '400: missing param: uid'],
    ['{ code, message }', agoraTokenServiceSource, 400, { code: -2, message: 'no such app' }, '400 (-2): no such app'],
    [
      '{ code, msg } in a language without spaces',
      agoraTokenServiceSource,
      400,
      { code: 40301, msg: '用户已被封禁' },
      '400 (40301): 用户已被封禁',
    ],
    ['no words', agoraTokenServiceSource, 404, null, '404.'],
    ['a list', agoraTokenServiceSource, 404, [1, 2], '404.'],
  ])('of other servers is looked for: %s', async (_what, make, status, body, told) => {
    expect((await loginWith(answered(make, status, body))).message).toContain(told);
  });

  it('is told without a secret that the server’s words quote', async () => {
    const body = {
      error: { code: 'NO', message: 'The header "Bearer sesame" and 007eJxTYOBgYJjBwLDAgoHBioGB4 are wrong' },
    };
    const error = await loginWith(answered(agoraTokenServiceSource, 422, body));
    expect(error.message).toContain('are wrong');
    expect(error.message).not.toMatch(/sesame|007eJ/);
  });

  it('may be a plain text', async () => {
    const fetch = async (): Promise<Response> => new Response('Alice is banned here\n', { status: 403 });
    expect(await loginWith(httpTokenSource({ url, fetch }))).toMatchObject({
      code: 'TOKEN_DENIED',
      message: 'The token server answered 403: Alice is banned here',
    });
  });

  it.each<[string, unknown]>([
    ['GraphQL', { data: null, errors: [{ message: 'Alice is banned', extensions: { code: 'BANNED' } }] }],
    ['{ error }', { error: { code: 'BANNED', message: 'Alice is banned' } }],
    ['{ success, message }', { success: false, code: 'BANNED', message: 'Alice is banned' }],
  ])('stands in the body of a 200, too: %s', async (_what, body) => {
    const fetch = async (): Promise<Response> =>
      Response.json(body, { headers: { date: 'Mon, 01 Jun 2026 00:00:00 GMT' } });
    const { code, message } = await loginWith(httpTokenSource({ url, fetch }));
    expect(code).toBe('TOKEN_INVALID');
    expect(message).toContain(`got { ${Object.keys(body as object).join(', ')} } (BANNED: Alice is banned)`);
  });

  it('may be an error, or nothing, that `response` makes of the answer', async () => {
    const fetch = async (): Promise<Response> => Response.json({});
    const making = (made: unknown) => loginWith(httpTokenSource({ url, fetch, response: () => made as never }));
    expect((await making(new Error('Alice is banned'))).message).toContain('threw Error: Alice is banned');
    expect((await making(null)).message).toContain('`response` must give { signaling, channels }, not null.');
  });

  it('does not keep a refusal waiting that has a body without end', async () => {
    const fetch = async (): Promise<Response> =>
      new Response(new ReadableStream({}), { status: 404, headers: { 'content-type': 'text/html' } });
    expect(await loginWith(httpTokenSource({ url, fetch }))).toMatchObject({
      code: 'TOKEN_REQUEST_FAILED',
      cause: { status: 404 },
    });
  });
});
