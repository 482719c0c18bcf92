/** Freezes a value and everything that it is made of, but for errors, which belong to whoever catches them as well. */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || Object.isFrozen(value) || value instanceof Error) return value;
  for (const part of Object.values(value as object)) freezeDeep(part);
  return Object.freeze(value);
}
