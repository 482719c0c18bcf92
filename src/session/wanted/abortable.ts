/** Calls `abort` when the signal aborts before the promise has settled, at once if it has: the call may have waited for the engine. */
export function abortable(promise: Promise<unknown>, signal: AbortSignal | undefined, abort: () => void): void {
  if (!signal) return;
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  const done = (): void => signal.removeEventListener('abort', abort);
  promise.then(done, done);
}
