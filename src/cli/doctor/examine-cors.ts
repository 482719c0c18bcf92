import { type Answer, isCrossOrigin, isSuccess, type Question, requestHeaderNames } from './ask.js';
import { type Finding, finding } from './finding.js';

/** What browsers keep from pages of other origins unless it is exposed, and a session reads. */
const READ_BY_SESSIONS = ['date', 'retry-after'];
/** Hosts that browsers take for secure without TLS. */
const OWN_MACHINE = /^(?:localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/;

/** Whether browsers let a secure page ask at this address at all. */
export function* examineScheme({ url, origin }: Question): Generator<Finding> {
  if (url.protocol === 'http:' && origin.startsWith('https:') && !OWN_MACHINE.test(url.hostname)) {
    yield finding('MIXED_CONTENT', `A page of ${origin} may not ask at ${url.origin}.`);
  }
}

/** What keeps a browser from sending a page's request at all. */
export function* examinePreflight(preflight: Answer, question: Question, withCookies: boolean): Generator<Finding> {
  const { status, headers } = preflight;
  if (!isSuccess(preflight)) {
    const what = `The preflight of a page of ${question.origin} was answered with ${status}, not with 204`;
    yield finding('CORS_PREFLIGHT', `${what}: the browser sends no request.`);
  }
  yield* examineOrigin('preflight', headers, question, withCookies);
  if (headers.get('access-control-allow-origin') === null) return;
  const methods = listOf(headers.get('access-control-allow-methods'));
  // POST is one of the methods that need no leave.
  if (methods.length > 0 && !methods.includes('post') && !methods.includes('*')) {
    yield finding('CORS_METHOD', `Of methods only ${methods.join(', ').toUpperCase()} may be used.`);
  }
  const missing = notAllowed(question, listOf(headers.get('access-control-allow-headers')), withCookies);
  if (missing.length > 0) yield finding('CORS_HEADERS', `A page may not send ${missing.join(', ')}.`);
}

/** What keeps a browser from showing an answer, or part of it, to a page of another origin. */
export function* examineCors({ headers }: Answer, question: Question, withCookies: boolean): Generator<Finding> {
  if (!isCrossOrigin(question)) return;
  yield* examineOrigin('answer', headers, question, withCookies);
  const exposed = listOf(headers.get('access-control-expose-headers'));
  const hidden = READ_BY_SESSIONS.filter((name) => !exposed.includes(name) && (withCookies || !exposed.includes('*')));
  if (headers.get('access-control-allow-origin') !== null && hidden.length > 0) {
    yield finding('CORS_EXPOSE', `A page does not see ${hidden.join(' and ')} of the answer.`);
  }
}

function* examineOrigin(
  what: 'preflight' | 'answer',
  headers: Headers,
  { origin }: Question,
  withCookies: boolean,
): Generator<Finding> {
  const allowed = headers.get('access-control-allow-origin');
  const where = what === 'preflight' ? 'The answer to the preflight' : 'The answer';
  if (allowed === null) {
    yield finding('CORS_ORIGIN', `${where} has no access-control-allow-origin: no page of ${origin} may read it.`);
  } else if (allowed !== origin && allowed !== '*') {
    const whom = URL.canParse(allowed) ? new URL(allowed).origin : 'something else';
    yield finding('CORS_ORIGIN', `${where} lets pages of ${whom} read it, not those of ${origin}.`);
  } else if (withCookies && (allowed === '*' || headers.get('access-control-allow-credentials') !== 'true')) {
    yield finding('CORS_CREDENTIALS', `${where} does not let pages send cookies.`);
  }
}

/** A wildcard stands for all headers but authorization, and with cookies for none. */
function notAllowed(question: Question, allowed: readonly string[], withCookies: boolean): string[] {
  const any = allowed.includes('*') && !withCookies;
  return requestHeaderNames(question).filter((name) => !allowed.includes(name) && !(any && name !== 'authorization'));
}

function listOf(header: string | null): string[] {
  const names = header?.split(',').map((name) => name.trim().toLowerCase()) ?? [];
  return names.filter((name) => /^[!#$%&'*+.^`|~\w-]{1,60}$/.test(name));
}
