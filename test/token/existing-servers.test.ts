import {
  agoraTokenServiceSource,
  guideTokenSource,
  SessionManager,
  type SignalingClient,
  singleTokenSource,
  type TokenSource,
} from 'agora-session';
import { SignalingEmulator } from 'agora-session/emulator';
import {
  allowAnyone,
  createTokenHandler,
  type FetchHandler,
  RequestRefusedError,
  type TokenDialect,
  translateTokens,
} from 'agora-session/server';
import agoraToken from 'agora-token';
import { describe, expect, test, vi } from 'vitest';
import { appCertificate, appId } from '../server/official-tokens.js';

const handler = createTokenHandler({ appId, appCertificate, authorize: allowAnyone, guideRoutes: true });
const url = 'https://tokens.example';

/** A fetch that reaches this handler and nothing else. */
function reaching(reached: FetchHandler): { url: string; fetch: typeof fetch } {
  return { url, fetch: (input, init) => reached(new Request(input, init)) };
}

/** A login and a stream channel on a local Signaling, with these tokens; answers what the session warned of. */
async function useTokens(tokens: TokenSource, userId: string): Promise<string[]> {
  const emulator = new SignalingEmulator({ appId, appCertificate });
  const warnings: string[] = [];
  const session = new SessionManager<SignalingClient>({
    appId,
    userId,
    tokens,
    loadSdk: async () => emulator.openPage(),
    logger: { warn: (message) => warnings.push(message) },
  });
  try {
    await session.login();
    await session.joinStreamChannel('stage');
    expect(emulator.inspect().users).toMatchObject([{ userId, streamChannels: [{ channelName: 'stage' }] }]);
  } finally {
    await session.logout();
  }
  return warnings;
}

const field = (body: unknown, name: string): unknown => Reflect.get(Object(body), name);

/** `POST /api/token {channel, uid}`, `{rtcToken, rtmToken, expireAt}`: the Next.js sample of the Conversational AI guide. */
const conversationalGuide: TokenDialect = {
  ask: (_url, body) => ({ userId: String(field(body, 'uid')), signaling: true, channels: [field(body, 'channel')] }),
  answer: ({ signaling, channel }) => ({
    rtcToken: channel,
    rtmToken: signaling,
    expireAt: Math.floor(Date.now() / 1000) + 3600,
  }),
};
const conversationalGuideSource = (reached: FetchHandler): TokenSource =>
  singleTokenSource({
    ...reaching(reached),
    request: (target, userId) => ({
      path: 'api/token',
      json: { channel: target.kind === 'stream' ? target.channelName : 'none', uid: Number(userId) },
    }),
    token: ({ rtcToken, rtmToken }, { kind }) => (kind === 'stream' ? rtcToken : rtmToken),
  });

/** `GET /api/generate-agora-token?channel=&uid=`, `{token, uid, channel}`: the Conversational AI quickstarts. */
const quickstart = (kind: 'signaling' | 'stream'): TokenDialect => ({
  ask: ({ searchParams }) => ({
    userId: searchParams.get('uid'),
    signaling: kind === 'signaling',
    channels: kind === 'stream' ? [searchParams.get('channel')] : [],
  }),
  answer: ({ userId, signaling, channel }) => ({ token: signaling || channel, uid: userId }),
});
const quickstartSource = (reached: FetchHandler): TokenSource =>
  singleTokenSource({
    ...reaching(reached),
    request: (target, uid) => {
      const channel = target.kind === 'stream' ? target.channelName : '';
      return { path: `api/generate-agora-token?${new URLSearchParams({ channel, uid })}` };
    },
    token: ({ token }) => token,
  });
const quickstartServer: FetchHandler = (request) => {
  const named = new URL(request.url).searchParams.get('channel') !== '';
  return translateTokens(handler, quickstart(named ? 'stream' : 'signaling'))(request);
};

/** `GET /rtm/:uid/` and `GET /rtc/:channel/:role/:tokenType/:uid/`: agora-token-service. */
const tokenService: TokenDialect = {
  ask({ pathname }) {
    const [, kind, first = '', , , uid] = pathname.split('/').map(decodeURIComponent);
    return kind === 'rtm'
      ? { userId: first, signaling: true, channels: [] }
      : { userId: uid, signaling: false, channels: [first] };
  },
  answer: ({ signaling, channel }) => (signaling ? { rtmToken: signaling } : { rtcToken: channel }),
};

describe('a session logs in and joins with the tokens of', () => {
  test.each<[string, TokenSource, string]>([
    ['the Go servers of the guides', guideTokenSource(reaching(handler)), 'alice'],
    ['the Go servers of the guides, with a number for a user', guideTokenSource(reaching(handler)), '42'],
    ['agora-token-service', agoraTokenServiceSource(reaching(translateTokens(handler, tokenService))), 'alice'],
    ['the Conversational AI guide', conversationalGuideSource(translateTokens(handler, conversationalGuide)), '42'],
    ['the Conversational AI quickstarts', quickstartSource(quickstartServer), '42'],
  ])('%s', async (_name, source, userId) => {
    expect(await useTokens(source, userId)).toEqual([]);
  });
});

describe('of a token that such a server gets wrong, the session says', () => {
  const giving =
    (token: string): FetchHandler =>
    async () =>
      Response.json({ token, code: '200' });
  const { RtmTokenBuilder, RtcTokenBuilder, RtcRole } = agoraToken;

  test('that it is for somebody else, as when requests overtake each other at the guide’s server', async () => {
    const source = guideTokenSource(reaching(giving(RtmTokenBuilder.buildToken(appId, appCertificate, 'bob', 3600))));
    await expect(useTokens(source, 'alice')).rejects.toMatchObject({
      code: 'TOKEN_MISMATCH',
      message: expect.stringContaining('for another user (bob)'),
    });
  });

  test('that it is for nobody, as the quickstarts make it for uid 0', async () => {
    const source = quickstartSource(giving(RtmTokenBuilder.buildToken(appId, appCertificate, '', 3600)));
    await expect(useTokens(source, '0')).rejects.toMatchObject({ code: 'TOKEN_MISMATCH' });
  });

  test('that it lives 56 years, and goes on with the 24 hours of Agora', async () => {
    const end = Math.floor(Date.now() / 1000) + 3600;
    const served: FetchHandler = async (request) => {
      const login = request.url.endsWith('/fetch_rtm_token');
      const token = login
        ? RtmTokenBuilder.buildToken(appId, appCertificate, 'alice', end)
        : RtcTokenBuilder.buildTokenWithUserAccount(
            appId,
            appCertificate,
            'stage',
            'alice',
            RtcRole.PUBLISHER,
            end,
            end,
          );
      return Response.json({ token, code: '200' });
    };
    const warnings = await useTokens(guideTokenSource(reaching(served)), 'alice');
    expect(warnings).toContainEqual(expect.stringMatching(/claims \d{5} days.*point in time/));
  });

  test('that it is an error text in the place of a token', async () => {
    const source = guideTokenSource(reaching(async () => Response.json({ token: 'Bad request.', code: '400' })));
    await expect(useTokens(source, 'alice')).rejects.toMatchObject({ code: 'TOKEN_INVALID' });
  });
});

describe('a translated handler', () => {
  const translated = (authorize = allowAnyone) =>
    translateTokens(createTokenHandler({ appId, appCertificate, authorize }), tokenService);
  const refused = async (response: Response) => [response.status, Object.keys((await response.json()) as object)];

  test('refuses in the words of such servers', async () => {
    const get = (path: string) => new Request(`${url}${path}`);
    expect(await refused(await translated(() => null)(get('/rtm/alice/')))).toEqual([401, ['status', 'error']]);
    expect(
      await refused(await translated(() => ({ userId: 'alice' }))(get('/rtc/vault/publisher/userAccount/alice/'))),
    ).toEqual([403, ['status', 'error']]);
    expect(await refused(await translated()(get('/rtm/*/')))).toEqual([400, ['status', 'error']]);
    const post = new Request(url, { method: 'POST', body: '{' });
    expect(await refused(await translated()(post))).toEqual([400, ['status', 'error']]);
  });

  test('refuses what its dialect can make nothing of', async () => {
    const ask = () => {
      throw new TypeError('No uid.');
    };
    const handler = translateTokens(createTokenHandler({ appId, appCertificate, authorize: allowAnyone }), {
      ...tokenService,
      ask,
    });
    expect(await refused(await handler(new Request(url)))).toEqual([400, ['status', 'error']]);
  });

  test('answers as its dialect refuses, and lets a page of another origin read why', async () => {
    const origin = 'https://app.example';
    const handler = createTokenHandler({ appId, appCertificate, authorize: allowAnyone, cors: { origins: [origin] } });
    const gone = translateTokens(handler, {
      ...tokenService,
      ask() {
        throw new RequestRefusedError(404, 'NOT_FOUND', 'There is no such room.');
      },
    });
    expect(await refused(await gone(new Request(url)))).toEqual([404, ['status', 'error']]);
    const onlyLogin = createTokenHandler({
      appId,
      appCertificate,
      authorize: () => ({ userId: 'alice' }),
      cors: { origins: [origin] },
    });
    const path = '/rtc/vault/publisher/userAccount/alice/';
    const response = await translateTokens(onlyLogin, tokenService)(new Request(url + path, { headers: { origin } }));
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, origin]);
  });

  test.each(['HEAD', 'DELETE', 'PUT', 'OPTIONS'])('gives nothing for %s', async (method) => {
    const authorize = vi.fn(allowAnyone);
    const response = await translated(authorize)(new Request(`${url}/rtm/alice/`, { method }));
    expect([response.status, authorize.mock.calls]).toEqual([405, []]);
  });

  test('answers a preflight as the handler does', async () => {
    const cors = { origins: ['https://app.example'] };
    const handler = createTokenHandler({ appId, appCertificate, authorize: allowAnyone, cors });
    const headers = { origin: 'https://app.example', 'access-control-request-headers': 'authorization' };
    const response = await translateTokens(handler, tokenService)(new Request(url, { method: 'OPTIONS', headers }));
    expect([response.status, response.headers.get('access-control-allow-headers')]).toEqual([204, 'authorization']);
  });
});
