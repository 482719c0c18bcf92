/** Calls `abort` when the signal aborts before the promise has settled. */
export function abortable(promise: Promise<unknown>, signal: AbortSignal | undefined, abort: () => void): void {
  if (!signal) return;
  signal.addEventListener('abort', abort, { once: true });
  const done = (): void => signal.removeEventListener('abort', abort);
  promise.then(done, done);
}
