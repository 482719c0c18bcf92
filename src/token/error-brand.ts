const BRAND = Symbol.for('agora-session.error');

/**
 * Marks an error as one of this package's. A page may hold two copies of the package, and then `instanceof` knows its own copy's errors
 * only; this mark both know. It is not enumerable, so that no log shows it, and a subclass inherits it.
 */
export function brand(error: Error, name: string): void {
  Object.defineProperty(error, BRAND, { value: name });
}

/** Whether this is the error of that name, of any copy of this package. */
export function isBranded<Kind extends Error>(error: unknown, name: string): error is Kind {
  return typeof error === 'object' && error !== null && (error as { [BRAND]?: unknown })[BRAND] === name;
}
