import type { TokenErrorCode } from '../../token/token-failure.js';

/** Something about a token endpoint: a fault keeps a page from its tokens, a warning will disappoint it at times. */
export interface Finding {
  /** The token server's own code for a refusal, or one of `FINDINGS`. */
  readonly code: string;
  readonly severity: 'fault' | 'warning';
  /** What was seen. */
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
  /** The code with which a session would tell of it; null where it would not notice, or not always. */
  readonly sessionCode: TokenErrorCode | null;
}

type Row = Pick<Finding, 'severity' | 'remedy' | 'sessionCode'>;

const failed = 'TOKEN_REQUEST_FAILED';
const fault = (sessionCode: TokenErrorCode | null, remedy: string): Row => ({ severity: 'fault', remedy, sessionCode });
const warning = (remedy: string): Row => ({ severity: 'warning', remedy, sessionCode: null });

/** What can be found besides a server's own refusals. */
export type FindingCode =
  | 'UNREACHABLE'
  | 'UNKNOWN_HOST'
  | 'TIMED_OUT'
  | 'BROKEN_OFF'
  | 'TLS'
  | 'MIXED_CONTENT'
  | 'REDIRECT'
  | 'CORS_PREFLIGHT'
  | 'CORS_ORIGIN'
  | 'CORS_METHOD'
  | 'CORS_HEADERS'
  | 'CORS_CREDENTIALS'
  | 'CORS_EXPOSE'
  | 'HTML'
  | 'NOT_JSON'
  | 'CONTENT_TYPE'
  | 'LARGE_ANSWER'
  | 'SLOW'
  | 'NO_TOKEN'
  | 'OTHER_FORMAT'
  | 'MALFORMED_TOKEN'
  | 'WRONG_APP'
  | 'WRONG_USER'
  | 'WRONG_CHANNEL'
  | 'NO_RTM_SERVICE'
  | 'NO_RTC_SERVICE'
  | 'LAPSED'
  | 'NO_LIFE'
  | 'CLOCK'
  | 'SAME_TOKEN'
  | 'FROM_CACHE'
  | 'CACHEABLE'
  | 'ABSOLUTE_TIMESTAMP'
  | 'OVER_24_HOURS'
  | 'SHORT_PRIVILEGE'
  | 'SHORT_LIFE'
  | 'WRONG_LIFE'
  | 'UNKNOWN_SERVICE';

const FINDINGS: Readonly<Record<FindingCode, Row>> = {
  UNREACHABLE: fault(failed, 'Is the server running, and are host and port those that it listens on?'),
  UNKNOWN_HOST: fault(failed, 'Look at the name of the host, and at the DNS.'),
  TIMED_OUT: fault(failed, 'Look at what the server waits for: its database, its sign-in, a firewall.'),
  BROKEN_OFF: fault(failed, 'Look at the server and at the proxies before it: one of them ends the connection.'),
  TLS: fault(
    failed,
    'A browser refuses it, too: give the server a certificate that is valid for this host, with its chain.',
  ),
  MIXED_CONTENT: fault(failed, 'Browsers keep secure pages from plain HTTP: serve the tokens over HTTPS.'),
  REDIRECT: fault(failed, 'Use the address that it leads to; where that is a sign-in, answer 401 instead.'),
  CORS_PREFLIGHT: fault(
    failed,
    'Answer OPTIONS as well as POST at this path, without a sign-in: with createTokenHandler, route both to it.',
  ),
  CORS_ORIGIN: fault(
    failed,
    'Name the origin of the page: cors.origins of createTokenHandler, or --origin of agora-session serve.',
  ),
  CORS_METHOD: fault(failed, 'Allow POST in access-control-allow-methods.'),
  CORS_HEADERS: fault(failed, 'Allow these headers in access-control-allow-headers.'),
  CORS_CREDENTIALS: fault(
    failed,
    'For cookies answer with the origin itself and access-control-allow-credentials: true.',
  ),
  CORS_EXPOSE: warning('Expose them with access-control-expose-headers: Retry-After, Date.'),
  HTML: fault(
    'TOKEN_INVALID',
    'Is this the path of the token endpoint? A page, a sign-in or a fallback of the web server answers.',
  ),
  NOT_JSON: fault(
    'TOKEN_INVALID',
    'The answer must be { userId, signaling: { token, expiresIn }, channels: { … } } as JSON.',
  ),
  CONTENT_TYPE: warning(
    'Send content-type: application/json; of other answers a session does not read why it was refused.',
  ),
  LARGE_ANSWER: warning('Answer with the tokens alone: a page waits for all of it at every renewal.'),
  SLOW: warning('A login waits for it. Look at what the server does for each request.'),
  NO_TOKEN: fault('TOKEN_INVALID', 'The answer must have { token, expiresIn } for each thing that was asked for.'),
  OTHER_FORMAT: fault(
    'TOKEN_INVALID',
    'Use guideTokenSource or agoraTokenServiceSource if it is one of those servers, else the options request and response of httpTokenSource.',
  ),
  MALFORMED_TOKEN: fault(
    'TOKEN_INVALID',
    'Make tokens with agora-session/server, or with Agora’s builder of the version 007.',
  ),
  WRONG_APP: fault('TOKEN_MISMATCH', 'Compare AGORA_APP_ID of the server with the app ID of the page.'),
  WRONG_USER: fault('TOKEN_MISMATCH', 'Make the token for the user who asks; a page logs in as that user.'),
  WRONG_CHANNEL: fault('TOKEN_MISMATCH', 'Make a token for each channel that is asked for, under its name.'),
  NO_RTM_SERVICE: fault('TOKEN_MISMATCH', 'Make the login’s token with buildRtmToken.'),
  NO_RTC_SERVICE: fault('TOKEN_MISMATCH', 'Make a channel’s token with buildRtcToken.'),
  LAPSED: fault('TOKEN_LAPSED', 'Look at the server’s clock, and for a cache that keeps tokens.'),
  NO_LIFE: fault('TOKEN_INVALID', 'Answer as expiresIn a number of seconds, or leave it out: the token says it, too.'),
  CLOCK: fault(null, 'Set the clock that is wrong, by NTP: tokens lapse early or are not valid yet.'),
  SAME_TOKEN: fault('TOKEN_UNCHANGED', 'Make a token for each request: one from a cache renews nothing.'),
  FROM_CACHE: fault(
    'TOKEN_UNCHANGED',
    'Send cache-control: no-store, and keep proxies and CDNs from caching this path.',
  ),
  CACHEABLE: warning('Send cache-control: no-store, so that nothing on the way keeps tokens.'),
  ABSOLUTE_TIMESTAMP: warning('Pass the builder seconds from now.'),
  OVER_24_HOURS: warning('Give tokens 24 hours at most: that is what Agora honours.'),
  SHORT_PRIVILEGE: warning('Let privileges live as long as their token.'),
  SHORT_LIFE: warning(
    'Let tokens live ten minutes or more: shorter ones are renewed all the time, and lapse with a tab that sleeps.',
  ),
  WRONG_LIFE: warning('Answer as expiresIn what the token has left; a session goes by the shorter of the two.'),
  UNKNOWN_SERVICE: warning('Is the token for Signaling at all?'),
};

/** A finding with what its code always says. */
export function finding(code: FindingCode, message: string): Finding {
  return { code, message, ...FINDINGS[code] };
}
