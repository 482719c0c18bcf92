import { own } from '../../server/parts.js';
import { withoutSecrets } from '../../token/without-secrets.js';
import type { Answer } from './ask.js';
import type { Finding } from './finding.js';

/** What to do about the codes that `agora-session/server` and `serve` refuse with. */
const REMEDIES: Readonly<Record<string, string>> = {
  INVALID_JSON:
    'The body did not arrive as it was sent. Look at proxies and body parsers between here and the token handler.',
  INVALID_REQUEST: 'Look at --user and --channel, and at what the message names.',
  TOO_MANY_CHANNELS: 'Ask for fewer channels at once; a session does so by itself.',
  UNAUTHORIZED:
    'Send what a page sends that is signed in, with --header or --headers-from-stdin; or look at authorize.',
  FORBIDDEN: 'The server knows who asks and refuses. Look at what authorize decides for this user.',
  FOREIGN_ORIGIN:
    'Name the origin of the page: cors.origins of createTokenHandler, or --origin of agora-session serve.',
  NOT_LOCAL:
    'A development server answers its own machine only. Deploy a token endpoint, or give the Vite plugin authorize.',
  NOT_FOUND: 'Look at the path: agora-session serve and the Vite plugin answer at /api/agora/tokens.',
  METHOD_NOT_ALLOWED: 'Tokens are asked for with POST. Look for a redirect or a proxy that makes another method of it.',
  BODY_TIMEOUT: 'The body did not arrive in time. Look for a proxy or a middleware that holds it back or has read it.',
  BODY_TOO_LARGE:
    'What arrived is larger than what was sent, or there are too many names. Look at what stands between.',
  UNSUPPORTED_MEDIA_TYPE: 'It was sent as application/json. Look for a proxy that takes the header off.',
  RATE_LIMITED: 'Wait, then ask again. If pages run into it, look at the numbers of limit and limitUnrecognised.',
  INTERNAL: 'Look at the server’s log, where the reason is: onError, or the console.',
  DECISION_TIMEOUT: 'authorize or another function of the app took too long. Look at what it waits for.',
};

/** What to do about a status, where the server says nothing of more use. */
const OF_STATUS: Readonly<Record<number, string | undefined>> = {
  401: REMEDIES.UNAUTHORIZED,
  403: REMEDIES.FORBIDDEN,
  404: 'There is nothing at this path. Look at where the token endpoint is mounted, and with which prefix.',
  405: 'The path does not take POST. Look at how the route is declared.',
  408: REMEDIES.BODY_TIMEOUT,
  413: REMEDIES.BODY_TOO_LARGE,
  415: REMEDIES.UNSUPPORTED_MEDIA_TYPE,
  429: REMEDIES.RATE_LIMITED,
  502: 'The proxy does not reach the token server. Is that one running?',
  503: 'The token server, or what it depends on, is down or overloaded.',
  504: 'The proxy waited for the token server in vain.',
};

/** What a status that is no success means, with the server's own code and words where it has any. */
export function refusalFinding({ status, json, headers }: Answer): Finding {
  const { code, text } = wordsOf(json);
  const retryAfter = headers.get('retry-after');
  const said = text === '' ? '' : `: ${text}`;
  const wait = retryAfter === null || !/^\d{1,9}$/.test(retryAfter) ? '' : ` It asks to wait ${retryAfter} s.`;
  const byStatus = OF_STATUS[status] ?? (status >= 500 ? REMEDIES.INTERNAL : undefined) ?? 'Look at the server’s log.';
  return {
    code: code ?? `HTTP_${status}`,
    severity: 'fault',
    message: `The server answered ${status}${said === '' ? '.' : said}${wait}`,
    remedy: (code !== null && Object.hasOwn(REMEDIES, code) ? REMEDIES[code] : undefined) ?? byStatus,
    sessionCode: status === 401 || status === 403 ? 'TOKEN_DENIED' : 'TOKEN_REQUEST_FAILED',
  };
}

/** What was refused singly: a channel, or the login. */
export function singleRefusal(what: string, error: unknown): Finding {
  const { code, text } = wordsOf({ error });
  return {
    code: code ?? 'FORBIDDEN',
    severity: 'fault',
    message: `The server refuses ${what}${text === '' ? '.' : `: ${text}`}`,
    remedy: REMEDIES.FORBIDDEN ?? '',
    sessionCode: 'TOKEN_DENIED',
  };
}

/** `{ error: { code, message } }`, as far as it can be shown. */
function wordsOf(json: unknown): { code: string | null; text: string } {
  const error: object = Object(own(Object(json), 'error'));
  const code = own(error, 'code');
  const message = own(error, 'message');
  return {
    code: typeof code === 'string' && /^[A-Z][A-Z\d_]{1,39}$/.test(code) ? code : null,
    text: typeof message === 'string' ? plain(message) : '',
  };
}

/** A server's text on one line, with nothing in it that a terminal would obey. */
function plain(text: string): string {
  return withoutSecrets(text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ').trim());
}
