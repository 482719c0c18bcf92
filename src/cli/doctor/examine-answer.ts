import { isJson } from '../../server/parts.js';
import { type Answer, isSuccess } from './ask.js';
import { type Finding, finding } from './finding.js';
import { refusalFinding } from './refusal-finding.js';

const MOST_CHARACTERS = 100_000;
const SLOW_MS = 3_000;

/** What is wrong with an answer before it is asked for its tokens. */
export function* examineAnswer(answer: Answer): Generator<Finding> {
  const { status, headers, text, json, cut, tookMs } = answer;
  if (status >= 300 && status < 400) {
    yield redirect(answer);
    return;
  }
  if (!isSuccess(answer)) {
    yield refusalFinding(answer);
    return;
  }
  const sentAs = mediaType(headers);
  if (/^\s*<(?:!doctype|html|\?xml|!--|head|body)/i.test(text)) {
    yield finding('HTML', `The answer is a page of HTML, sent as ${sentAs}, in the place of JSON.`);
  } else if (cut || json === undefined) {
    yield finding('NOT_JSON', `The answer is not JSON${text === '' ? ' but empty' : `; it is sent as ${sentAs}`}.`);
  } else if (!isJson(headers)) {
    yield finding('CONTENT_TYPE', `The answer is JSON, but sent as ${sentAs}.`);
  }
  if (text.length > MOST_CHARACTERS) {
    yield finding('LARGE_ANSWER', `The answer has ${cut ? 'more than ' : ''}${text.length} characters.`);
  }
  if (tookMs > SLOW_MS) yield finding('SLOW', `The answer took ${(tookMs / 1000).toFixed(1)} s.`);
  yield* examineCaching(headers);
}

/** Where an answer leads to, without what the address may carry besides. */
function redirect({ status, headers }: Answer): Finding {
  const location = headers.get('location') ?? '';
  const base = 'http://same-server.invalid';
  const { origin, pathname } = URL.canParse(location, base) ? new URL(location, base) : new URL(base);
  const where = `${origin === base ? '' : origin}${pathname}`;
  return finding('REDIRECT', `The server answered ${status}, which leads to ${where}.`);
}

function* examineCaching(headers: Headers): Generator<Finding> {
  const age = Number(headers.get('age') ?? 0);
  if (age > 0) yield finding('FROM_CACHE', `The answer comes from a cache, where it was for ${age} s.`);
  if (!/\bno-store\b/i.test(headers.get('cache-control') ?? '')) {
    yield finding('CACHEABLE', 'The answer may be kept: it has no cache-control: no-store.');
  }
}

/** What an answer says to be, as far as it can be shown. */
function mediaType(headers: Headers): string {
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  return /^[\w.+/-]{1,60}$/.test(type) ? type : 'nothing in particular';
}
