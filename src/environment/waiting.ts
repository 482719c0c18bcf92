import type { Clock } from './clock.js';

/** A promise with its ends in hand. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

export function deferred<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => {};
  let reject: (reason: unknown) => void = () => {};
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/** Something did not happen in time. */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError';
}

/**
 * Settles as `promise` does, but rejects with the signal's reason on abort and with a {@link TimeoutError} after `timeoutMs`, whichever
 * comes first. No timer and no listener is left behind.
 */
export function bounded<T>(
  promise: Promise<T>,
  limits: { signal?: AbortSignal | undefined; clock?: Clock; timeoutMs?: number | undefined },
): Promise<T> {
  const { signal, clock, timeoutMs } = limits;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => settle(() => reject(signal?.reason));
    const timer =
      clock && timeoutMs !== undefined
        ? clock.setTimeout(() => settle(() => reject(new TimeoutError(`No answer within ${timeoutMs} ms.`))), timeoutMs)
        : null;
    const settle = (finish: () => void): void => {
      signal?.removeEventListener('abort', abort);
      if (clock && timer !== null) clock.clearTimeout(timer);
      finish();
    };
    if (signal?.aborted) abort();
    else signal?.addEventListener('abort', abort, { once: true });
    promise.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
  });
}

/** Resolves after `ms`; rejects with the signal's reason on abort. */
export function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    // No timer for no wait: in a hidden tab even one of 0 ms fires a minute late.
    if (ms <= 0) {
      resolve();
      return;
    }
    const abort = (): void => {
      clock.clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = clock.setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}
