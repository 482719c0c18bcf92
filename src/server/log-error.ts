/**
 * Writes an error to the console: its stack and those of its causes. What else an error carries is left out, since some carry the request
 * that failed, with its authorization header.
 */
export function logError(error: unknown): void {
  console.error(`agora-session: a token request failed. ${stackOf(error)}`);
}

function stackOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error)) return `What was thrown is no Error but a ${typeof error}.`;
  const stack = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined || depth > 4 ? stack : `${stack}\nCaused by: ${stackOf(error.cause, depth + 1)}`;
}
