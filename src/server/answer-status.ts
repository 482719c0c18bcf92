import { isErrorLike, isObject } from '../token/thrown.js';

/** In Next.js `redirect()`, `unauthorized()` and their kin throw; what was meant stands in the digest. */
const NEXT_DIGEST = /^NEXT_(?:REDIRECT;.*|HTTP_ERROR_FALLBACK);([345]\d\d);?$/;
/** What the errors of HTTP clients carry of what they asked and were answered. */
const OF_CLIENTS = ['response', 'rawResponse', 'request', 'config', 'request_id', 'requestID', '$metadata'];

/**
 * The status of what a helper of a web framework throws in order to be answered with it: an error of http-errors or of its likes (Koa,
 * Express, Fastify), an exception that knows its response (Hono, NestJS), what SvelteKit, H3 and Next.js throw. Null for everything else.
 * The error of an HTTP client has a status, too, but it is that of an answer which the backend was given, and says nothing of who asks here.
 */
export function answerStatus(thrown: unknown): number | null {
  const { status, statusCode, digest } = Object(thrown) as Readonly<Record<string, unknown>>;
  const found = NEXT_DIGEST.exec(String(digest))?.[1] ?? (isMadeToBeAnswered(thrown) ? (status ?? statusCode) : null);
  const number = Number(found ?? Number.NaN);
  return number >= 300 && number <= 599 && Number.isInteger(number) ? number : null;
}

/** Whether this is an HTTP client's: another server has not recognised this one, which says nothing of the caller. */
export function isOfClient(error: object): boolean {
  return OF_CLIENTS.some((field) => field in error);
}

function isMadeToBeAnswered(thrown: unknown): boolean {
  // SvelteKit's are of classes that are no errors. A plain object may be anything, such as the JSON of another server.
  if (!isErrorLike(thrown)) return isObject(thrown) && isOfClass(thrown);
  const { expose, getResponse, name, statusCode, unhandled } = thrown as Error & Readonly<Record<string, unknown>>;
  return (
    expose === true ||
    typeof getResponse === 'function' ||
    (name === 'UnauthorizedError' && !isOfClient(thrown)) || // of express-jwt
    (name === 'HTTPError' && 'unhandled' in thrown && unhandled !== true) || // of H3 2
    (name === 'FastifyError' && Number(statusCode) < 500) || // beyond that they say what the app does wrong
    Reflect.get(thrown.constructor, '__h3_error__') === true // of H3 1
  );
}

function isOfClass(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype !== null && Object.getPrototypeOf(prototype) !== null;
}
