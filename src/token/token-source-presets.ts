import { isBranded } from './error-brand.js';
import { checkHttpOptions, type HttpOptions } from './http-options.js';
import { fetchJson, type TokenHttpRequest } from './http-token-source.js';
import { TokenRequestError } from './token-failure.js';
import type {
  TokenDeniedError,
  TokenGrant,
  TokenRefusal,
  TokenRequest,
  TokenResponse,
  TokenSource,
  TokenTarget,
} from './token-source.js';

/** Options of the sources for token servers that give one token a request. */
export interface SingleTokenServerOptions extends HttpOptions {
  /** Where the server is, without the path of a route, for instance `http://localhost:8082`. A query goes along with every request. */
  url: string | URL;
}

/** What one token is asked for with. */
export interface SingleTokenRequest {
  /** The path after the server's address; may have a query of its own. */
  path: string;
  /** What is POSTed as JSON; without it the request is a GET. */
  json?: unknown;
}

/** Options of {@link singleTokenSource}. */
export interface SingleTokenSourceOptions extends SingleTokenServerOptions {
  /** What one token is asked for with: the path after `url`, and what is POSTed as JSON; without `json` it is a GET. */
  request: (target: TokenTarget, userId: string) => SingleTokenRequest | Promise<SingleTokenRequest>;
  /** Finds the token in the JSON answer. */
  token: (answer: Readonly<Record<string, unknown>>, target: TokenTarget) => unknown;
}

/** Tokens from a server that gives one a request: the login's and each channel's are fetched side by side. */
export function singleTokenSource(options: SingleTokenSourceOptions): TokenSource {
  checkHttpOptions('singleTokenSource', options);
  return fromSingleRequests(options, async (target, { userId }, signal) => {
    const { path, json } = await options.request(target, userId);
    const request: TokenHttpRequest = json === undefined ? { method: 'GET', signal } : { method: 'POST', json, signal };
    const { answer } = await fetchJson(routeAddress(String(options.url), path), request, options);
    return options.token(typeof answer === 'object' && answer !== null ? { ...answer } : {}, target);
  });
}

/** The address of a route: its path stands behind the server's, and the query of the server's address behind both. */
function routeAddress(server: string, path: string): string {
  const [, base = '', query] = /^([^?#]*)\??([^#]*)/.exec(server) ?? [];
  const route = `${base.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`;
  return query ? `${route}${route.includes('?') ? '&' : '?'}${query}` : route;
}

/**
 * Tokens from the sample server of Agora's guides: `POST /fetch_rtm_token {uid}` for the login, `POST /fetch_rtc_token {uid,
 * channelName, role}` for a stream channel; answers `{ token, code }`, where `code` is "200" or the error text stands in `token`.
 */
export function guideTokenSource(options: SingleTokenServerOptions): TokenSource {
  checkHttpOptions('guideTokenSource', options);
  return singleTokenSource({
    ...options,
    request: (target, userId) =>
      target.kind === 'stream'
        ? { path: 'fetch_rtc_token', json: { uid: rtcUid(userId), channelName: target.channelName, role: 1 } }
        : { path: 'fetch_rtm_token', json: { uid: userId } },
    token({ code = 200, token }) {
      // The sample reports errors with status 200 too, so the code counts, and comes as text or as a number.
      if (String(code) === '200') return token;
      const text = / /.test(String(token)) ? `: ${token}` : '.';
      throw new TokenRequestError(`The token server reported the error ${code}${text}`, {
        unusable: true,
        code: String(code),
      });
    },
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
  return singleTokenSource({
    ...options,
    request(target, userId) {
      const user = `${encodeURIComponent(userId)}/${query}`;
      if (target.kind === 'signaling') return { path: `rtm/${user}` };
      return { path: `rtc/${encodeURIComponent(target.channelName)}/publisher/userAccount/${user}` };
    },
    token: ({ rtcToken, rtmToken }, { kind }) => (kind === 'stream' ? rtcToken : rtmToken),
  });
}

type FetchOne = (target: TokenTarget, asked: TokenRequest, signal: AbortSignal) => Promise<unknown>;

function fromSingleRequests(options: SingleTokenServerOptions, fetchOne: FetchOne): TokenSource {
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
      if (!isBranded<TokenDeniedError>(error, 'TokenDeniedError')) throw error;
      const { message, code = 'FORBIDDEN', status } = error;
      return { error: { code: String(code), message, ...(status === undefined ? {} : { status }) } };
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

/** The guide's RTC server takes a number only; a token for the number 7 is a token for the user "7". */
function rtcUid(userId: string): string | number {
  return /^[1-9]\d{0,9}$/.test(userId) && Number(userId) < 2 ** 32 ? Number(userId) : userId;
}
