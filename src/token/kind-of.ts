import { contentOf, isObject } from './thrown.js';

/** What came in the place of something else: the names of its fields, or of its type; values never, since one of them may be a token. */
export function kindOf(value: unknown): string {
  if (!isObject(value)) return value === null ? 'null' : typeof value;
  const type = Object.prototype.toString.call(value).slice(8, -1);
  if (type === 'Promise') return 'Promise that was not awaited';
  if (type !== 'Object') return type === 'Array' ? 'list' : type;
  return contentOf(value);
}
