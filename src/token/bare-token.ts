import { describeTokenStart } from './access-token-content.js';
import { kindOf } from './kind-of.js';

/**
 * A token as the SDK takes it, or what is wrong with what came in its place, as the end of a sentence. Of one that is `padded` the end
 * of its base64 was missing: that, or more.
 */
export type BareToken = { readonly token: string; readonly padded: boolean } | { readonly problem: string };

/** What stands around a token in code and JSON, sent twice or more, and the scheme of a header or a field's name before it. */
const BEFORE = /^(?:[\s"'`“”‘’\\]|(?:bearer|token)(?:\s+|(?:=|:|%20)(?=["'`\s]*00\d)))+/i;
const AFTER = /(?:[\s"'`“”‘’,;]|\\[rn]?)+$/;
/** What is copied along with a text from pages and chats, and seen by nobody. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const EXPECTED = 'expected is a token that begins with "007"';

/**
 * Takes off what certainly is no part of a token: white space and line ends, characters that nobody sees, quotes, and the word `Bearer`. What can be no token of any
 * kind is refused here, since the SDK would hand it on to the server, which answers with a refusal that names no reason.
 */
export function bareToken(sent: unknown): BareToken {
  if (typeof sent !== 'string') return { problem: `is of type ${kindOf(sent)}; ${EXPECTED}` };
  const undressed = sent.replace(INVISIBLE, '').replace(BEFORE, '').replace(AFTER, '');
  // Lines of base64, as some encoders break them. A space is not taken out: it may have been a "+" before a form was decoded.
  const token = undressed.replace(/[\r\n]+/g, '');
  if (token === '') return { problem: 'is empty' };
  const kind = impossibleKind(token);
  if (!token.startsWith('007')) {
    return kind
      ? { problem: `is ${kind}: it begins with ${describeTokenStart(token)}; ${EXPECTED}` }
      : { token, padded: false };
  }
  return kind ? { problem: `is ${kind}.` } : plainBase64(token);
}

/** The SDK and Signaling know the base64 of MIME alone, not that of URLs, which has other signs and no padding. */
function plainBase64(sent: string): BareToken {
  const token = sent.replace(/-/g, '+').replace(/_/g, '/');
  const missing = (7 - (token.length % 4)) % 4;
  const padded = missing === 1 || missing === 2;
  return { token: padded ? token + '='.repeat(missing) : token, padded };
}

/** What can be no token, and what to call it. */
const IMPOSSIBLE: readonly (readonly [RegExp, string])[] = [
  [/^[{[]/, 'JSON'],
  [/^</, 'a page'],
  [/^ey[\w-]+\.[\w-]+\.[\w-]*$/, 'a JSON Web Token (JWT)'],
  [/^00\d.*%[\dA-F]{2}/i, 'encoded for a URL'],
  [/^00\d.*\s/s, 'broken by white space, where a "+" may have been'],
  [/^00\d.*[^!-~]/, 'damaged by a character that no token has'],
  [/[^!-~]/, 'a text'],
];

/** What a text is that can be no token, or null. */
function impossibleKind(text: string): string | null {
  if (/^(?:undefined|null|NaN|\[object .*)$/.test(text)) return `the word ${text}`;
  return IMPOSSIBLE.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
