/** Agora's tokens of both versions. A session tells none; what an app's own code wrote into an error may hold one all the same. */
const TOKEN = /00[67][A-Za-z0-9+/]{24,}={0,2}/g;

/** A copy that JSON can hold and that is safe to show and to paste. */
export function plain<Value>(value: unknown): Value {
  return JSON.parse(JSON.stringify(value).replace(TOKEN, '(a token)')) as Value;
}
