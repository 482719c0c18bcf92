import ky from 'ky';
import { TokenRequestError } from './token-failure.js';
import { TokenDeniedError, type TokenRequest, type TokenResponse, type TokenSource } from './token-source.js';

/** Request headers, or a function that makes them anew for every request (for instance to read the app's own access token). */
export type TokenRequestHeaders = HeadersInit | (() => HeadersInit | Promise<HeadersInit>);

/** What the options of every HTTP token source have in common. */
export interface HttpOptions {
  /** Extra request headers. A function is called for every attempt; after a 401 once more, with freshly made headers. */
  headers?: TokenRequestHeaders;
  /** Milliseconds after which a request is given up. Default: the session's `retry.timeoutMs`. */
  timeoutMs?: number;
  /** Replaces the platform's `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** Whether cookies go along. Default `same-origin`, as the platform's. */
  credentials?: RequestCredentials;
}

/** Options of {@link httpTokenSource}. */
export interface HttpTokenSourceOptions extends HttpOptions {
  /** The token endpoint; may be relative to the page. */
  url: string | URL;
  /** Makes the JSON body from what the session asks for. Default `{ userId, signaling, channels }`, the wire format of `agora-session/server`. */
  request?: (asked: TokenRequest) => unknown;
  /** Makes a {@link TokenResponse} from the JSON answer. Default: the answer is one already. */
  response?: (answer: unknown, asked: TokenRequest) => TokenResponse;
}

/**
 * A token source that POSTs JSON to a token server: one request for the login token and any number of channel tokens.
 *
 * 401 is repeated once with fresh headers; 401 again and 403 are denials ({@link TokenDeniedError}); every other failure is a
 * {@link TokenRequestError} that knows the status and `Retry-After`.
 */
export function httpTokenSource(options: HttpTokenSourceOptions): TokenSource {
  const { url, request = defaultBody, response = (answer) => answer as TokenResponse } = options;
  checkHttpOptions('httpTokenSource', options);
  return {
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
    async getTokens(asked, { signal }) {
      const { answer, servedAt } = await fetchJson(url, { method: 'post', json: request(asked), signal }, options);
      if (typeof answer !== 'object' || answer === null) throw unusable('is no JSON object');
      return { ...(servedAt === null ? {} : { servedAt }), ...response(answer, asked) };
    },
  };
}

function defaultBody({ userId, signaling, channels }: TokenRequest): unknown {
  return { userId, signaling, channels };
}

/** @throws TypeError that names the source and the option */
export function checkHttpOptions(source: string, { url, timeoutMs = 1 }: HttpOptions & { url: string | URL }): void {
  if (!(url instanceof URL) && (typeof url !== 'string' || url === '')) {
    throw new TypeError(`${source}: \`url\` must be a URL or a non-empty string.`);
  }
  if (!(timeoutMs > 0)) throw new TypeError(`${source}: \`timeoutMs\` must be a number of milliseconds above 0.`);
}

/** One HTTP request of a token source. */
export interface TokenHttpRequest {
  method: 'get' | 'post';
  json?: unknown;
  signal: AbortSignal;
}

/** A JSON answer, and the server's own time if its `Date` header can be read. */
export interface TokenHttpAnswer {
  answer: unknown;
  servedAt: number | null;
}

/**
 * Sends one request and reads the JSON answer. ky's own retries and time-out are off: the session's clock times everything, and two
 * layers of retrying would multiply.
 *
 * @throws TokenDeniedError for 401 (after a second try with fresh headers) and 403
 * @throws TokenRequestError for every other status that is no success, and for an answer that is no JSON
 */
export async function fetchJson(
  url: string | URL,
  request: TokenHttpRequest,
  options: HttpOptions,
): Promise<TokenHttpAnswer> {
  let response = await send(url, request, options);
  if (response.status === 401) response = await send(url, request, options);
  const date = Date.parse(response.headers.get('date') ?? '');
  const servedAt = Number.isNaN(date) ? null : date;
  if (!response.ok) throw statusError(response, servedAt);
  try {
    return { answer: await response.json(), servedAt };
  } catch {
    request.signal.throwIfAborted();
    throw unusable('is not JSON');
  }
}

async function send(url: string | URL, request: TokenHttpRequest, options: HttpOptions): Promise<Response> {
  const { headers, fetch, credentials } = options;
  const made = typeof headers === 'function' ? await headers() : headers;
  return ky(url, {
    ...request,
    headers: new Headers(made),
    retry: 0,
    timeout: false,
    throwHttpErrors: false,
    ...(fetch ? { fetch } : {}),
    ...(credentials ? { credentials } : {}),
  });
}

function statusError(response: Response, servedAt: number | null): Error {
  const { status } = response;
  if (status === 401 || status === 403) return new TokenDeniedError(`The token server answered ${status}.`);
  const retryAfterMs = retryAfter(response.headers.get('retry-after'), servedAt);
  return new TokenRequestError(`The token server answered ${status}.`, {
    status,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
  });
}

/** `Retry-After` in seconds or as a date; a date means something only against the server's own clock. */
function retryAfter(header: string | null, servedAt: number | null): number | null {
  if (header === null) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const until = Date.parse(header);
  return Number.isNaN(until) || servedAt === null ? null : Math.max(0, until - servedAt);
}

function unusable(what: string): TokenRequestError {
  return new TokenRequestError(`The token server's answer ${what}.`, { unusable: true });
}
