import { isObject } from './thrown.js';

/** What a server says of a refusal: words for developers, and a code to look them up by. */
export interface ServerWords {
  readonly text?: string | undefined;
  readonly code?: string;
}

/**
 * Where servers put their words, the most telling first: lists, OAuth, problem details and FastAPI, most others, GraphQL, and the guides'
 * servers, whose text stands in the place of the token.
 */
const PLACES = [
  '0',
  'error_description',
  'detail',
  'message',
  'msg',
  'reason',
  'error',
  'errors',
  'extensions',
  'title',
] as const;
/** Not a repetition of the HTTP status. */
const CODE = /^(?!\d{3}$)[\w./-]{1,40}$/;

/** The words in a server's answer, or in a part of it. They may quote something secret: whoever shows them cleans them. */
export function wordsIn(said: unknown, depth = 0): ServerWords {
  // Neither a page nor, by mistake, a token.
  if (typeof said === 'string') return /^\s*(?:<|00\d|bearer |$)/i.test(said) ? {} : { text: said.trim() };
  if (!isObject(said) || depth > 4) return {};
  const fields = said as Readonly<Record<string, unknown>>;
  const { code = fields.error_description && fields.error, token } = fields;
  const own = CODE.test(`${code ?? ''}`) && { code: `${code}` };
  // A token has no space in it, and nothing but ASCII.
  const texts = [...PLACES.map((place) => fields[place]), /[^!-~]/.test(`${token}`) && token];
  return Object.assign({}, own, ...texts.map((text) => wordsIn(text, depth + 1)).reverse());
}

/** What a server answered, in a sentence. */
export function answeredWith(status: number, { text, code }: ServerWords): string {
  return `The token server answered ${status}${code ? ` (${code})` : ''}${text ? `: ${text}` : '.'}`;
}
