import { describeTokenStart } from './access-token-content.js';
import { kindOf } from './thrown.js';

/** A token as the SDK takes it, or what is wrong with what came in its place, as the end of a sentence. */
export type BareToken = { readonly token: string } | { readonly problem: string };

/** The quotes of JSON that was sent twice or more, and the scheme of a header, which may stand within or around them. */
const QUOTES = /^["'\\]+([^"'\\]*)["'\\]+$/;
const WRAPPINGS = [QUOTES, /^(?:bearer|token)\s+(.*)$/is, QUOTES];
/** What is copied along with a text from pages and chats, and seen by nobody. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
const EXPECTED = 'expected is a token that begins with "007"';

/**
 * Takes off what certainly is no part of a token: white space and line ends, characters that nobody sees, quotes, and the word `Bearer`. What can be no token of any
 * kind is refused here, since the SDK would hand it on to the server, which answers with a refusal that names no reason.
 */
export function bareToken(sent: unknown): BareToken {
  if (typeof sent !== 'string') return { problem: `is of type ${kindOf(sent)}; ${EXPECTED}` };
  let token = sent.replace(INVISIBLE, '').trim();
  for (const wrapping of WRAPPINGS) token = wrapping.exec(token)?.[1]?.trim() ?? token;
  // Lines of base64, as some encoders break them. A space is not taken out: it may have been a "+" before a form was decoded.
  token = token.replace(/[\r\n]+/g, '');
  if (token === '') return { problem: 'is empty' };
  const kind = impossibleKind(token);
  return kind ? { problem: `is ${kind}: it begins with ${describeTokenStart(token)}; ${EXPECTED}` } : { token };
}

/** What can be no token, and what to call it. */
const IMPOSSIBLE: readonly (readonly [RegExp, string])[] = [
  [/^[{[]/, 'JSON'],
  [/^</, 'a page'],
  [/^ey[\w-]+\.[\w-]+\.[\w-]*$/, 'a JSON Web Token (JWT)'],
  [/^00\d.*%[\dA-F]{2}/i, 'encoded for a URL'],
  [/^00\d.* /s, 'broken by a space, where a "+" may have been'],
  [/[^\x21-\x7e]/, 'a text'],
];

/** What a text is that can be no token, or null. */
function impossibleKind(text: string): string | null {
  if (/^(?:undefined|null|NaN|\[object .*)$/.test(text)) return `the word ${text}`;
  return IMPOSSIBLE.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}
