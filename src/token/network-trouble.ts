import { type Fields, layersOf } from './error-layers.js';
import { isErrorLike } from './thrown.js';

/** What browsers, Node and common HTTP clients say when the network, and nothing else, is the matter. */
const MESSAGES = new RegExp(
  [
    'fetch failed|failed to fetch|\\bload failed|^terminated$|^cancell?ed$', // undici, Chromium and who quotes it, Safari, axios
    'network ?error|network request failed|network connection|internet connection', // Firefox, polyfills, older Safari
    'hostname could not be found|could not connect to the server|ssl error|socket hang up|timed? ?-?out',
    'network is offline|unable to (?:resolve host|connect)', // superagent, Android, Bun
    'net::err_|error in input stream|error sending request', // Electron, Firefox, Deno
  ].join('|'),
  'i',
);
const NAMES = /^(?:Abort|Timeout|Network)Error$/;
const CODES =
  /^(?:E(?:CONN|NET|HOST|NOTFOUND|TIMEDOUT|AI_|PIPE)|UND_ERR_(?:CONNECT|HEADERS|BODY|SOCKET))|^network|^connection/i;
/** Node says "fetch failed" of an address that no network could ever reach, too. */
const NEVER_REACHABLE = /unknown.(?:url.)?scheme|bad port|invalid url/i;

/** Whether an error, or what lies beneath it, is trouble of the network rather than a mistake of whoever threw it. */
export function isNetworkTrouble(error: unknown): boolean {
  const layers = layersOf(error);
  return !layers.some(({ message }) => NEVER_REACHABLE.test(String(message))) && layers.some(isTrouble);
}

function isTrouble({ name, message, code, status, lengthComputable }: Fields): boolean {
  return (
    NAMES.test(String(name)) ||
    MESSAGES.test(String(message)) ||
    CODES.test(String(code)) ||
    // What clients on XMLHttpRequest have for "no answer", and its own event for that.
    status === 0 ||
    typeof lengthComputable === 'boolean'
  );
}

const STATUSES = ['status', 'statusCode', 'httpStatus', 'httpStatusCode'];
/** What gRPC has for a status, in numbers or, as Firebase, in words. */
const GRPC_STATUSES: readonly (readonly [RegExp, number])[] = [
  [/^4$|deadline-exceeded$/, 504],
  [/^7$|permission-denied$/, 403],
  [/^14$|(?:^|\/)unavailable$/, 503],
  [/^16$|unauthenticated$/, 401],
];

/** The HTTP status that a client's error carries, itself or beneath, or a `Response` that was thrown as it came. */
export function httpStatus(error: unknown): number | undefined {
  const layers = layersOf(error);
  const statuses = layers.flatMap((layer) => STATUSES.map((name) => layer[name]));
  const found = statuses.find((status) => /^[45]\d\d$/.test(String(status))) ?? layers.map(grpcStatus).find(Boolean);
  return found && Number(found);
}

/** Only of an error: in an answer a number may be a code of the app's own. */
function grpcStatus(layer: Fields): number | undefined {
  return GRPC_STATUSES.find(([code]) => isErrorLike(layer) && code.test(String(layer.code)))?.[1];
}
