import { invalid } from './session-error.js';

/**
 * Plain values as a text to compare them by: the same whatever order keys are in, and whether an option is undefined or left out.
 *
 * @throws SessionError INVALID_ARGUMENT for what cannot be compared, nor be sent: a circle, a BigInt
 */
export function textOf(options: object, name = 'options'): string {
  try {
    return JSON.stringify(options, inOrder);
  } catch {
    throw invalid(name, 'plain values');
  }
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
