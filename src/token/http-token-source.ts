import { bounded } from '../environment/waiting.js';
import { absoluteAddress, checkHttpOptions, type HeaderValues, type HttpOptions } from './http-options.js';
import { answeredWith, wordsIn } from './server-words.js';
import { isErrorLike, isObject } from './thrown.js';
import { isDenialStatus, TokenRequestError } from './token-failure.js';
import { TokenDeniedError, type TokenRequest, type TokenResponse, type TokenSource } from './token-source.js';
import type { TokenAsk } from './wire-format.js';

/** Options of {@link httpTokenSource}. */
export interface HttpTokenSourceOptions extends HttpOptions {
  /** The token endpoint; may be relative to the page. */
  url: string | URL;
  /** Makes the JSON body from what the session asks for. Default `{ userId, signaling, channels }`, the wire format of `agora-session/server`. */
  request?: (asked: TokenRequest) => unknown;
  /** Makes a {@link TokenResponse} from the JSON answer. Default: the answer is one already. */
  response?: (answer: unknown, asked: TokenRequest) => TokenResponse | Promise<TokenResponse>;
}

/**
 * A token source that POSTs JSON to a token server: one request for the login token and any number of channel tokens.
 *
 * 401 is repeated once with fresh headers; 401 again and 403 are denials ({@link TokenDeniedError}); every other failure is a
 * {@link TokenRequestError} that knows the status, the server's own code and `Retry-After`.
 */
export function httpTokenSource(options: HttpTokenSourceOptions): TokenSource {
  checkHttpOptions('httpTokenSource', options);
  const { url, request = defaultBody, response = (answer) => answer as TokenResponse } = options;
  return {
    ...timeoutOf(options),
    async getTokens(asked, { signal }) {
      const json = await request(asked);
      const { answer, servedAt } = await fetchJson(url, { method: 'POST', json, signal }, options);
      if (!isObject(answer)) throw unusable('is no JSON object');
      const given: unknown = await response(answer, asked);
      if (isErrorLike(given)) throw given;
      if (!isObject(given))
        throw new TypeError(
          `\`response\` must give { signaling, channels }, not ${given === null ? given : typeof given}.`,
        );
      const tokens: Record<string, unknown> = { servedAt: servedAt || undefined, ...given };
      // The getters of a class are not copied with the rest.
      for (const name of ['userId', 'signaling', 'channels', 'servedAt'] satisfies (keyof TokenResponse)[])
        if (name in given) tokens[name] = given[name as never];
      return tokens;
    },
  };
}

/** The time limit of a token source that these options give. */
export function timeoutOf({ timeoutMs }: HttpOptions): Pick<TokenSource, 'timeoutMs'> {
  return timeoutMs === undefined ? {} : { timeoutMs };
}

function defaultBody({ userId, signaling, channels }: TokenRequest): TokenAsk {
  return { userId, signaling, channels };
}

/** One HTTP request of a token source. */
export interface TokenHttpRequest {
  method: 'GET' | 'POST';
  json?: unknown;
  signal: AbortSignal;
}

/** A JSON answer, and the server's own time; NaN where its `Date` header cannot be read. */
export interface TokenHttpAnswer {
  answer: unknown;
  servedAt: number;
}

/**
 * Sends one request and reads the JSON answer. Nothing is repeated or timed here: the session's clock times everything, and two layers
 * of retrying would multiply.
 *
 * @throws TokenDeniedError for 401 (after a second try with fresh headers) and 403
 * @throws TokenRequestError for every other status that is no success, and for an answer that is no JSON
 */
export function fetchJson(
  url: string | URL,
  request: TokenHttpRequest,
  options: HttpOptions,
): Promise<TokenHttpAnswer> {
  // Whether or not the platform's fetch() listens to this signal: it may be of another realm, as in a test's DOM.
  return bounded(exchange(url, request, options), request);
}

async function exchange(url: string | URL, request: TokenHttpRequest, options: HttpOptions): Promise<TokenHttpAnswer> {
  let response = await send(url, request, options, false);
  if (response.status === 401) response = await send(url, request, options, true);
  const servedAt = Date.parse(response.headers.get('date') ?? '');
  if (!response.ok) throw await statusError(response, servedAt);
  try {
    return { answer: await response.json(), servedAt };
  } catch (error) {
    throw isNotJson(error) ? unusable('is not JSON') : error;
  }
}

async function send(
  url: string | URL,
  { method, json, signal }: TokenHttpRequest,
  { headers, fetch = globalThis.fetch, credentials }: HttpOptions,
  refused: boolean,
): Promise<Response> {
  const sent = checkedHeaders(await (typeof headers === 'function' ? headers({ refused }) : headers));
  if (json !== undefined && !sent.has('content-type')) sent.set('content-type', 'application/json');
  const address = absoluteAddress(url).href;
  // In the way that every fetch understands, be it a polyfill's or an app's own around the platform's: none of those has to know a
  // Request, or a Headers of this realm.
  const response: unknown = await fetch(address, {
    method,
    headers: Object.fromEntries(sent),
    ...(credentials && { credentials }),
    // Between page and server stands the browser's cache, and a token from there renews nothing.
    cache: 'no-store',
    body: JSON.stringify(json),
    ...ownSignal(address, signal),
  });
  return checkedResponse(response);
}

/** A value that HTTP cannot carry may be a secret with a line end too many, which the platform's own error would quote. */
function checkedHeaders(made: HeaderValues | null | undefined): Headers {
  // Pairs may come out of something that gives them once only.
  const pairs = Object(made)[Symbol.iterator] ? [...(made as string[][])] : Object.entries(made ?? {});
  // Of a function the source would be sent, and of a Promise that was not awaited its type.
  for (const { 0: name, 1: value, length } of pairs) {
    if (length > 1 && (value?.call || /^\[object /.test(value ?? '[object ')))
      throw new TypeError(`\`headers\` has ${value && 'no text'} for ${name}.`);
  }
  try {
    return new Headers(pairs as ConstructorParameters<typeof Headers>[0]);
  } catch {
    throw new TypeError('`headers` must be names and values that HTTP can carry: ASCII, no line ends.');
  }
}

/** A signal of another realm, which the platform refuses, is listened to by {@link fetchJson} alone. */
function ownSignal(address: string, signal: AbortSignal): { signal?: AbortSignal } {
  try {
    new Request(address, { signal });
    return { signal };
  } catch {
    return {};
  }
}

/** Other HTTP clients, given as `fetch`, answer in ways of their own. */
function checkedResponse(response: unknown): Response {
  const { status, headers, json } = Object(response) as Partial<Response>;
  if (typeof status === 'number' && typeof headers?.get === 'function' && typeof json === 'function')
    return response as Response;
  throw new TypeError("`fetch` must give a Response, as the platform's does.");
}

/** A body that ends early is trouble of the network, and no answer yet; of a polyfill's errors the type tells the two apart. */
function isNotJson(error: unknown): boolean {
  const { name, type } = Object(error) as { name?: unknown; type?: unknown };
  return name === 'SyntaxError' || type === 'invalid-json';
}

async function statusError(response: Response, servedAt: number): Promise<Error> {
  const { status } = response;
  const { text, ...code } = wordsIn(await bodyOf(response).catch(() => null));
  const message = answeredWith(status, { ...code, text });
  const details = { status, ...code };
  if (isDenialStatus(status)) return new TokenDeniedError(message, details);
  const retryAfterMs = retryAfter(response.headers.get('retry-after'), servedAt);
  return new TokenRequestError(message, { ...details, ...(retryAfterMs !== null && { retryAfterMs }) });
}

/** What may say why a request was refused; of a page nothing is read. */
async function bodyOf(response: Response): Promise<unknown> {
  const type = response.headers.get('content-type') ?? '';
  if (type.includes('json')) return response.json();
  return type.includes('plain') && response.text();
}

/** `Retry-After` in seconds or as a date; a date means something only against the server's own clock. */
function retryAfter(header: string | null, servedAt: number): number | null {
  if (header === null) return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1000;
  const waitMs = Date.parse(header) - servedAt;
  return Number.isNaN(waitMs) ? null : Math.max(0, waitMs);
}

function unusable(what: string): TokenRequestError {
  return new TokenRequestError(`The token server's answer ${what}.`, { unusable: true });
}
