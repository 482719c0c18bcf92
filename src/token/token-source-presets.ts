import { checkHttpOptions, type HttpOptions } from './http-options.js';
import { fetchJson, type TokenHttpRequest, timeoutOf } from './http-token-source.js';
import { invalidArgument } from './invalid-argument.js';
import { byKind, type Given, rowOf, targetsOf } from './targets.js';
import { describeThrown, isErrorLike } from './thrown.js';
import { TokenRequestError } from './token-failure.js';
import type { TokenGrant, TokenResponse, TokenSource, TokenTarget } from './token-source.js';
import { GUIDE_ROLES, GUIDE_ROUTES, MAX_UID } from './wire-format.js';

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

/**
 * Tokens from a server that gives one a request: the login's and each channel's are fetched side by side. What became of each of
 * several stands in its place, an error too, so that the trouble of one costs no other its token; a single one is thrown.
 */
export function singleTokenSource(options: SingleTokenSourceOptions): TokenSource {
  checkHttpOptions('singleTokenSource', options, 'request token');
  return {
    ...timeoutOf(options),
    async getTokens(request, { signal }): Promise<TokenResponse> {
      const targets = targetsOf(request);
      const given: Given = { channels: Object.create(null) };
      const ask = async (target: TokenTarget): Promise<void> => {
        const grant = fetchGrant(options, { target, userId: request.userId, signal });
        rowOf(target).give(given, target, await (targets.length === 1 ? grant : grant.catch(asError)));
      };
      await Promise.all(targets.map(ask));
      return given;
    },
  };
}

interface Wanted {
  readonly target: TokenTarget;
  readonly userId: string;
  readonly signal: AbortSignal;
}

async function fetchGrant(options: SingleTokenSourceOptions, { target, userId, signal }: Wanted): Promise<TokenGrant> {
  const { path, json } = await options.request(target, userId);
  const request: TokenHttpRequest = { method: json === undefined ? 'GET' : 'POST', json, signal };
  const { answer } = await fetchJson(routeAddress(String(options.url), path), request, options);
  const token = await options.token(Object(answer), target);
  if (typeof token === 'string') return { token };
  throw new TokenRequestError('The token server answered without a token.', { unusable: true });
}

/** Apps throw other things than errors, too: a text, or a `Response` as it came, whose status is found where HTTP clients put theirs. */
function asError(thrown: unknown): Error {
  return isErrorLike(thrown) ? thrown : Object.assign(new Error(describeThrown(thrown).message), { response: thrown });
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
      byKind<SingleTokenRequest>(target, {
        signaling: () => ({ path: GUIDE_ROUTES.login, json: { uid: userId } }),
        stream: ({ channelName }) => ({
          path: GUIDE_ROUTES.channel,
          json: { uid: rtcUid(userId), channelName, role: GUIDE_ROLES.publisher },
        }),
      }),
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
 * @param options `expiresInSeconds` is the life asked for, above 0; the server's default is 3600.
 */
export function agoraTokenServiceSource(
  options: SingleTokenServerOptions & { expiresInSeconds?: number },
): TokenSource {
  checkHttpOptions('agoraTokenServiceSource', options);
  const { expiresInSeconds: life } = options;
  if (life !== undefined && !(Number.isFinite(life) && life > 0))
    throw invalidArgument('agoraTokenServiceSource: `expiresInSeconds` must be a number above 0.');
  const query = life ? `?expiry=${life}` : '';
  return singleTokenSource({
    ...options,
    request(target, userId) {
      const user = `${encodeURIComponent(userId)}/${query}`;
      return byKind(target, {
        signaling: () => ({ path: `rtm/${user}` }),
        stream: ({ channelName }) => ({ path: `rtc/${encodeURIComponent(channelName)}/publisher/userAccount/${user}` }),
      });
    },
    token: ({ rtmToken, rtcToken }, target) => byKind(target, { signaling: () => rtmToken, stream: () => rtcToken }),
  });
}

/** The guide's RTC server takes a number only; a token for the number 7 is a token for the user "7". */
function rtcUid(userId: string): string | number {
  return /^[1-9]\d{0,9}$/.test(userId) && Number(userId) <= MAX_UID ? Number(userId) : userId;
}
