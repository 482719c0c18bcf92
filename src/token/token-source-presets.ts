import { checkHttpOptions, fetchJson, type HttpOptions, type TokenHttpRequest } from './http-token-source.js';
import { TokenRequestError } from './token-failure.js';
import {
  TokenDeniedError,
  type TokenGrant,
  type TokenRefusal,
  type TokenRequest,
  type TokenResponse,
  type TokenSource,
  type TokenTarget,
} from './token-source.js';

/** Options of the sources for token servers that give one token a request. */
export interface SingleTokenServerOptions extends HttpOptions {
  /** Where the server is, without the path of a route, for instance `http://localhost:8082`. */
  url: string | URL;
}

/**
 * Tokens from the sample server of Agora's guides: `POST /fetch_rtm_token {uid}` for the login, `POST /fetch_rtc_token {uid,
 * channelName, role}` for a stream channel; answers `{ token, code }`, where `code` is "200" or the error text stands in `token`.
 */
export function guideTokenSource(options: SingleTokenServerOptions): TokenSource {
  checkHttpOptions('guideTokenSource', options);
  return singleTokenSource(options, async (target, asked, signal) => {
    const { userId } = asked;
    const stream = target.kind === 'stream';
    const json = stream ? { uid: rtcUid(userId), channelName: target.channelName, role: 1 } : { uid: userId };
    const path = stream ? 'fetch_rtc_token' : 'fetch_rtm_token';
    const answer = await ask(options, path, { method: 'post', json, signal });
    // The sample reports errors with status 200 too, so the code counts, and comes as text or as a number.
    if (String(answer.code ?? 200) !== '200')
      throw new TokenRequestError('The token server reported an error.', { unusable: true });
    return answer.token;
  });
}

/**
 * Tokens from Agora's community server `agora-token-service`: `GET /rtm/{uid}/` for the login, `GET
 * /rtc/{channel}/publisher/userAccount/{uid}/` for a stream channel.
 *
 * @param options `expiresInSeconds` is the life asked for; the server's default is 3600.
 */
export function agoraTokenServiceSource(
  options: SingleTokenServerOptions & { expiresInSeconds?: number },
): TokenSource {
  checkHttpOptions('agoraTokenServiceSource', options);
  const query = options.expiresInSeconds === undefined ? '' : `?expiry=${options.expiresInSeconds}`;
  return singleTokenSource(options, async (target, asked, signal) => {
    const user = encodeURIComponent(asked.userId);
    const path =
      target.kind === 'stream'
        ? `rtc/${encodeURIComponent(target.channelName)}/publisher/userAccount/${user}/`
        : `rtm/${user}/`;
    const answer = await ask(options, path + query, { method: 'get', signal });
    return target.kind === 'stream' ? answer.rtcToken : answer.rtmToken;
  });
}

type FetchOne = (target: TokenTarget, asked: TokenRequest, signal: AbortSignal) => Promise<unknown>;

function singleTokenSource(options: SingleTokenServerOptions, fetchOne: FetchOne): TokenSource {
  const grant = async (
    target: TokenTarget,
    asked: TokenRequest,
    signal: AbortSignal,
  ): Promise<TokenGrant | TokenRefusal> => {
    try {
      const token = await fetchOne(target, asked, signal);
      if (typeof token !== 'string')
        throw new TokenRequestError('The token server answered without a token.', { unusable: true });
      return { token };
    } catch (error) {
      if (!(error instanceof TokenDeniedError)) throw error;
      return { error: { code: 'FORBIDDEN', message: error.message } };
    }
  };
  return {
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    async getTokens(asked, { signal }): Promise<TokenResponse> {
      const login: TokenTarget[] = asked.signaling ? [{ kind: 'signaling' }] : [];
      const targets = [...login, ...asked.channels.map((channelName) => ({ kind: 'stream', channelName }) as const)];
      const results = await Promise.allSettled(targets.map((target) => grant(target, asked, signal)));
      const failed = results.filter((result) => result.status === 'rejected');
      if (failed[0] && failed.length === results.length) throw failed[0].reason;
      // What failed is left out, and asked for again by itself: one channel's trouble must not cost the login its renewal.
      const given = targets.flatMap((target, index) => {
        const result = results[index];
        return result?.status === 'fulfilled' ? [{ target, grant: result.value }] : [];
      });
      const signaling = given.find(({ target }) => target.kind === 'signaling');
      const channels = given.flatMap(({ target, grant }) =>
        target.kind === 'stream' ? [[target.channelName, grant]] : [],
      );
      return { ...(signaling ? { signaling: signaling.grant } : {}), channels: Object.fromEntries(channels) };
    },
  };
}

async function ask(
  options: SingleTokenServerOptions,
  path: string,
  request: TokenHttpRequest,
): Promise<Record<string, unknown>> {
  const { answer } = await fetchJson(`${String(options.url).replace(/\/$/, '')}/${path}`, request, options);
  return typeof answer === 'object' && answer !== null ? { ...answer } : {};
}

/** The guide's RTC server takes a number only; a token for the number 7 is a token for the user "7". */
function rtcUid(userId: string): string | number {
  return /^[1-9]\d{0,9}$/.test(userId) && Number(userId) < 2 ** 32 ? Number(userId) : userId;
}
