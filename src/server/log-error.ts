/** A certificate, which has 32 hexadecimal digits, and what else is as secret as that: longer keys, tokens, JWTs, and credentials in a header. */
const SECRETS = [
  /[0-9a-f]{32,}/gi,
  /00[67][A-Za-z0-9+/]{40,}={0,2}/g,
  /\beyJ[\w-]+(?:\.[\w-]*){2,4}/g,
  /(?<=\b(?:bearer|basic)\s+)[\w.~+/=-]+/gi,
  /(?<=\b(?:authorization|cookie)["']?\s*[:=]\s*)(?!(?:bearer|basic)\b)[^\s,}]+/gi,
];

/**
 * Writes an error to the console: its stack and those of its causes, without secrets that its author put into the text. What else an
 * error carries is left out, since some carry the request that failed, with its authorization header.
 */
export function logError(error: unknown): void {
  console.error(`agora-session: a token request failed. ${withoutSecrets(stackOf(error))}`);
}

/** A text with every certificate, token and credential in it replaced. */
export function withoutSecrets(text: string): string {
  return SECRETS.reduce((left, secret) => left.replaceAll(secret, '[secret]'), text);
}

function stackOf(error: unknown, depth = 0): string {
  try {
    if (!(error instanceof Error)) return `What was thrown is no Error but a ${typeof error}.`;
    const stack = error.stack ?? `${error.name}: ${error.message}`;
    return error.cause === undefined || depth > 4 ? stack : `${stack}\nCaused by: ${stackOf(error.cause, depth + 1)}`;
  } catch {
    return 'What was thrown cannot be looked at.';
  }
}
