/** What a thrown thing says of itself. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly code?: string | number;
}

/**
 * Looks at what was thrown: an error, be it of another realm (an iframe, a test environment), an object that is none, as some clients and
 * servers have for errors, or a text.
 */
export function describeThrown(thrown: unknown): Thrown {
  const { name, message, code } = Object(thrown) as { [Key in keyof Thrown]: unknown };
  return {
    name: isObject(thrown) && typeof name === 'string' ? name : typeof thrown,
    message: typeof message === 'string' ? message : contentOf(thrown),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
  };
}

/** Whether this is an error, or stands for one: the class alone would not know those of another realm. */
export function isErrorLike(value: unknown): value is Error {
  return value instanceof Error || (isObject(value) && Object.prototype.toString.call(value) === '[object Error]');
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Of an object its fields are named; as a text it would be `[object Object]`. */
export function contentOf(thrown: unknown): string {
  return isObject(thrown) ? `{ ${Object.keys(thrown).slice(0, 10).join(', ')} }` : String(thrown);
}
