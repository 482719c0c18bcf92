import { isObject } from './thrown.js';

/** What browsers, Node and common HTTP clients say when the network, and nothing else, is the matter. */
const MESSAGES = new RegExp(
  [
    '^fetch failed|^failed to fetch|^load failed|^terminated$|^cancelled$', // undici, Chromium, Safari
    'network ?error|network request failed|network connection|internet connection', // Firefox, polyfills, older Safari
    'hostname could not be found|could not connect to the server|socket hang up|timed? ?-?out',
    'network is offline|unable to resolve host', // superagent, Android
  ].join('|'),
  'i',
);
const NAMES = new Set(['AbortError', 'TimeoutError', 'NetworkError']);
const CODES = /^(?:E(?:CONN|NET|HOST|NOTFOUND|TIMEDOUT|AI_|PIPE)|UND_ERR_(?:CONNECT|HEADERS|BODY|SOCKET))|network/i;
/** Node says "fetch failed" of an address that no network could ever reach, too. */
const NEVER_REACHABLE = /unknown scheme|bad port|invalid url/i;
const DEEPEST_CAUSE = 5;

/** Whether an error, or what lies beneath it, is trouble of the network rather than a mistake of whoever threw it. */
export function isNetworkTrouble(error: unknown, depth = 0): boolean {
  // An error of another realm is no Object of this one.
  if (!isObject(error) || depth > DEEPEST_CAUSE) return false;
  const { name, message, code, status, cause, errors } = error as Readonly<Record<string, unknown>>;
  if (NEVER_REACHABLE.test(String((cause as Error | undefined)?.message))) return false;
  return (
    NAMES.has(String(name)) ||
    MESSAGES.test(String(message)) ||
    CODES.test(String(code)) ||
    status === 0 || // what clients on XMLHttpRequest have for "no answer"
    [cause, ...(Array.isArray(errors) ? errors : [])].some((beneath) => isNetworkTrouble(beneath, depth + 1))
  );
}

/** The HTTP status that an error of a client such as ky, axios or ofetch carries, or a `Response` that was thrown as it came. */
export function httpStatus(error: unknown): number | undefined {
  const { status, statusCode, response } = Object(error) as Record<'status' | 'statusCode' | 'response', unknown>;
  const found = [status, statusCode, Object(response).status].find((one) => typeof one === 'number');
  return found !== undefined && found >= 400 && found < 600 ? found : undefined;
}
