/** A text is cut to so many characters: first, so that no pattern has a whole page to search, and once it is clean. */
const LONGEST_SEARCHED = 2_000;
const LONGEST_TEXT = 300;

/** What may be secret in a text of unknown origin, and what is left of it. */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)\s+[^\s"',;]+/gi, '$1 …'],
  [/(:\/\/)[^\s/@"']*@/g, '$1…@'],
  [/(:\/\/[^\s?#"']*)[?#][^\s"')]*/g, '$1…'],
  [
    /([\w-]*(?:auth|cookie|passw|secret|token|certificate|key)[\w-]*["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s,;}]+)/gi,
    '$1…',
  ],
  [/([\w-]+=)[^\s,;&"']{6,}/g, '$1…'],
  [/00[67][a-z0-9+/=]{17,}/gi, '…'],
  // A key, a hash, a JWT's parts, a hash: long, and unlike a word it has a digit.
  [/(?=[a-z+_=-]*\d)[\w+=-]{20,}/gi, '…'],
];

/**
 * A text of an app's or a server's, fit to be shown: it may quote a header, a URL with a key in it, or a token. What looks like one is
 * replaced, and the rest is cut to a sentence's length.
 */
export function withoutSecrets(text: string): string {
  const clean = SECRETS.reduce((rest, [secret, left]) => rest.replace(secret, left), text.slice(0, LONGEST_SEARCHED));
  return clean.length > LONGEST_TEXT ? `${clean.slice(0, LONGEST_TEXT)}…` : clean;
}
