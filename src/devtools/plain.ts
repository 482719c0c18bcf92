/** What JSON keeps of a value; of an error what its `toJSON` says. */
export type Plain<Value> = Value extends Error
  ? PlainError
  : Value extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : Value extends object
      ? { readonly [Key in keyof Value]: Plain<Value[Key]> }
      : Value;

/** A `SessionError` in a recording. */
export interface PlainError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly retryable?: boolean;
  readonly cause?: { readonly name: string; readonly status?: number; readonly code?: string | number };
}

/** Agora's tokens of both versions. A session tells none; what an app's own code wrote into an error may hold one all the same. */
const TOKEN = /00[67][A-Za-z0-9+/]{24,}={0,2}/g;

/** A copy that JSON can hold and that is safe to show and to paste. */
export function plain<Value>(value: Value): Plain<Value> {
  return copy(value) as Plain<Value>;
}

function copy(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(TOKEN, '(a token)');
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value === 'boolean' || value === null) return value;
  if (typeof value !== 'object') return undefined;
  if (value instanceof Error && !('toJSON' in value))
    return { name: value.name, code: value.name, message: value.name };
  if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON());
  if (Array.isArray(value)) return value.map(copy);
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, item]) => [key, copy(item)] as const)
      .filter(([, item]) => item !== undefined),
  );
}
