import { answerStatus } from './answer-status.js';
import { badSignInStatus } from './bad-sign-in.js';
import { isRequestRefusedError, RequestRefusedError } from './request-refused-error.js';

/** A request that gets no token, as it is answered. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a status alone says to clients of the endpoint. */
const CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  429: 'RATE_LIMITED',
};

/** The answer to who was not recognised. */
export const unauthorized = (): RequestRefusedError =>
  new RequestRefusedError(401, 'UNAUTHORIZED', 'The token server does not know who asks: sign in first.');

/**
 * The refusal that a function of the app has thrown, read once and checked: an error may have been changed since it was made. Null for
 * everything else, which is the server's own failure.
 */
export function refusalIn(thrown: unknown): Refusal | null {
  try {
    if (isResponse(thrown)) return refusalOfStatus(thrown.status, thrown.headers.get('retry-after'));
    if (!isRequestRefusedError(thrown)) return refusalOfStatus(answerStatus(thrown), null);
    const { status, code, message, headers } = thrown;
    const checked = new RequestRefusedError(status, code, message, headers);
    return { status, code, message, headers: checked.headers };
  } catch {
    return null; // not even a look at it is possible
  }
}

/** The refusal of a caller whose sign-in a library has found wrong by throwing to `authorize`. Null for what else that throws. */
export function signInRefusal(thrown: unknown): RequestRefusedError | null {
  try {
    return refusalOfStatus(badSignInStatus(thrown), null);
  } catch {
    return null; // not even a look at it is possible
  }
}

/** A response of any fetch that the app may use. */
export function isResponse(value: unknown): value is Response {
  return value instanceof Response || Object.prototype.toString.call(value) === '[object Response]';
}

/**
 * What a helper of a web framework throws for "not signed in" says it by its status; a redirect leads to the sign-in. Its text is for
 * people and stays behind.
 */
function refusalOfStatus(status: number | null, retryAfter: string | null): RequestRefusedError | null {
  if (status === null || status < 300) return null; // a success that is thrown says nothing
  if (status === 401 || status < 400) return unauthorized();
  const kept = retryAfter === null ? {} : { 'retry-after': retryAfter };
  return new RequestRefusedError(status, CODES[status] ?? 'REFUSED', 'The token server refuses this request.', kept);
}
