import { invalidArgument } from './invalid-argument.js';

/** What a function that makes headers is told. */
export interface HeadersRequest {
  /**
   * Whether the token server has just refused the headers that were made last (401): an access token that is kept somewhere has to be
   * renewed now, rather than given again.
   */
  readonly refused: boolean;
}

/** Header names and values: whatever `new Headers()` takes. */
export type HeaderValues = Headers | Readonly<Record<string, string>> | Iterable<readonly [string, string]>;

/** Request headers, or a function that makes them anew for every request (for instance to read the app's own access token). */
export type TokenRequestHeaders =
  | HeaderValues
  | ((request: HeadersRequest) => HeaderValues | undefined | Promise<HeaderValues | undefined>);

/** What the options of every HTTP token source have in common. */
export interface HttpOptions {
  /**
   * Extra request headers. A function is called for every attempt; after a 401 once more, and then it is told `refused: true`.
   * Trouble of the network in it is retried; whatever else it throws is a mistake (`TOKEN_SOURCE_FAILED`).
   */
  headers?: TokenRequestHeaders;
  /** Milliseconds after which a request is given up. Default: the session's `retry.timeoutMs`. */
  timeoutMs?: number;
  /** Replaces the platform's `fetch`. */
  fetch?: typeof globalThis.fetch;
  /** Whether cookies go along. Default `same-origin`, as the platform's. */
  credentials?: 'omit' | 'same-origin' | 'include';
}

const CREDENTIALS = 'omit, same-origin, include';

/**
 * Checks what can be checked before the first request.
 *
 * @param needed names of functions that must be there, as one text
 * @throws TypeError with the code INVALID_ARGUMENT, that names the source and the option, and never repeats the address, which may hold a key
 */
export function checkHttpOptions(source: string, options: HttpOptions & { url: string | URL }, needed = ''): void {
  const given = Object(options) as typeof options & Readonly<Record<string, unknown>>;
  const { url, timeoutMs = 1, credentials, headers } = given;
  const address = addressProblem(url);
  const wrong = ['fetch', 'request', 'response', 'token'].find(
    (name) => typeof given[name] !== 'function' && (given[name] !== undefined || needed.includes(name)),
  );
  const problems = [
    address && `\`url\` ${address}`,
    !(Number.isFinite(timeoutMs) && timeoutMs > 0) && '`timeoutMs` must be a number of milliseconds above 0',
    wrong && `\`${wrong}\` must be a function`,
    headers && headers !== Object(headers) && '`headers` must be an object or a function',
    !CREDENTIALS.split(', ').includes(credentials ?? 'omit') && `\`credentials\` must be one of ${CREDENTIALS}`,
  ];
  const problem = problems.find((one) => one);
  if (problem) throw invalidArgument(`${source}: ${problem}.`);
}

/** What this page's relative addresses are relative to; undefined outside pages and workers. */
function base(): string | undefined {
  return globalThis.document?.baseURI ?? globalThis.location?.href;
}

/** Why nothing can ever be fetched from this address, or null. A relative one is let pass where the page is not here yet. */
function addressProblem(url: unknown): string | null {
  if (!url || (typeof url !== 'string' && !isUrl(url))) return 'must be a URL or a non-empty string';
  try {
    const { protocol, username, password } = new URL(url, base());
    if (username || password) return 'must hold no user name and password; pass `headers`';
    if (/^https?:$/.test(protocol) || (protocol !== 'file:' && base()?.startsWith(protocol))) return null;
    return `must lead to http:// or https://, and leads to "${protocol}"`;
  } catch {
    return /^[a-z][a-z\d+.-]*:/i.test(String(url)) ? 'is no valid address' : null;
  }
}

/** Whether this is an address as an object, of whatever realm: a test's DOM has a URL of its own. */
export function isUrl(value: unknown): value is URL {
  return Object.prototype.toString.call(value) === '[object URL]';
}

/** @throws TypeError for a relative address where there is nothing that it is relative to */
export function absoluteAddress(url: string | URL): URL {
  try {
    return new URL(url, base());
  } catch {
    throw new TypeError('`url` is relative, and there is no page here; pass the whole address.');
  }
}
