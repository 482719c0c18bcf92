import { type Finding, finding } from './finding.js';

/** What the doctor asks for, and as whom. */
export interface Question {
  readonly url: URL;
  /** The page's origin; that of the endpoint, where page and endpoint share one. */
  readonly origin: string;
  readonly userId: string;
  readonly channelNames: readonly string[];
  /** What the page sends besides, such as its authorization. */
  readonly headers: Headers;
  readonly now: () => number;
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where it is none. */
  readonly json: unknown;
  /** Whether more came than was read. */
  readonly cut: boolean;
  /** The middle of the time between question and answer, in milliseconds since the epoch. */
  readonly answeredAt: number;
  readonly tookMs: number;
}

const TIMEOUT_MS = 15_000;
const MOST_CHARACTERS = 1_000_000;
const UNKNOWN_HOST = new Set(['ENOTFOUND', 'EAI_AGAIN']);
const BROKEN_OFF = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);
const TIMED_OUT = new Set(['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);
const TLS = /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_(?:GET|VERIFY)|HOSTNAME/;

/** Whether a session reads tokens from this answer: some frameworks answer a POST with 201. */
export function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status <= 299;
}

/** Whether browsers ask first whether a page may send this. */
export function isCrossOrigin({ url, origin }: Question): boolean {
  return url.origin !== origin;
}

/** Asks as a browser does before it lets a page ask. */
export function askPreflight(question: Question): Promise<Answer | Finding> {
  return send(question, 'OPTIONS', {
    'access-control-request-method': 'POST',
    'access-control-request-headers': requestHeaderNames(question).join(','),
  });
}

/** Asks for the tokens, as a session does. */
export function askForTokens(question: Question): Promise<Answer | Finding> {
  const { userId, channelNames } = question;
  const body = JSON.stringify({ userId, signaling: true, channels: channelNames });
  return send(question, 'POST', { ...Object.fromEntries(question.headers), 'content-type': 'application/json' }, body);
}

/** What a page may always send, and what its browser sends by itself, as the cookies. */
const NEVER_ASKED_FOR =
  /^(?:accept(?:-language|-encoding|-charset)?|content-language|cookie|origin|referer|host|(?:sec|proxy)-.*)$/;

/** The headers for which a browser asks, in the order in which it does. */
export function requestHeaderNames({ headers }: Question): string[] {
  return [...new Set([...headers.keys(), 'content-type'])].filter((name) => !NEVER_ASKED_FOR.test(name)).sort();
}

async function send(
  question: Question,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string | null = null,
): Promise<Answer | Finding> {
  const { url, origin, now } = question;
  const site = isCrossOrigin(question) ? 'cross-site' : 'same-origin';
  const asPage = { ...headers, origin, 'sec-fetch-site': site, 'sec-fetch-mode': 'cors' };
  const sentAt = now();
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, { method, headers: asPage, body, redirect: 'manual', cache: 'no-store', signal });
    const cameAt = now();
    const { text, cut } = await read(response);
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: parsed(text),
      cut,
      answeredAt: (sentAt + cameAt) / 2,
      tookMs: now() - sentAt,
    };
  } catch (error) {
    return unanswered(error, url);
  }
}

/** As much of an answer as any token endpoint would send. */
async function read(response: Response): Promise<{ text: string; cut: boolean }> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of response.body ?? []) {
    text += decoder.decode(bytes, { stream: true });
    if (text.length > MOST_CHARACTERS) return { text: text.slice(0, MOST_CHARACTERS), cut: true };
  }
  return { text, cut: false };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What has happened to a request that was not answered. */
function unanswered(error: unknown, { protocol, host, hostname }: URL): Finding {
  const codes = codesOf(error);
  const has = (known: ReadonlySet<string>) => codes.some((code) => known.has(code));
  const because = codes.length > 0 ? ` (${codes.join(', ')})` : '';
  if (codes.some((code) => TLS.test(code))) return finding('TLS', `No secure connection to ${host}${because}.`);
  if (has(UNKNOWN_HOST)) return finding('UNKNOWN_HOST', `There is no host ${hostname}${because}.`);
  const tooLate = error instanceof Error && error.name === 'TimeoutError';
  if (tooLate || has(TIMED_OUT)) {
    return finding('TIMED_OUT', `${host} did not answer within ${TIMEOUT_MS / 1000} s${because}.`);
  }
  if (has(BROKEN_OFF)) {
    const plain = protocol === 'https:' ? ', or speaks no TLS' : ', or speaks TLS only';
    return finding('BROKEN_OFF', `${host} ended the connection before it had answered${plain}${because}.`);
  }
  return finding('UNREACHABLE', `${host} cannot be reached${because}.`);
}

/** The system's codes in an error of fetch, whose own message says nothing. */
function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const inner = error instanceof AggregateError ? error.errors : [error.cause];
  const own = 'code' in error && typeof error.code === 'string' ? [error.code] : [];
  return [...new Set([...own, ...inner.flatMap(codesOf)])];
}
