import type { Clock } from '../../environment/clock.js';

/** A promise that is settled from outside. Settling it twice does nothing. */
export interface Deferred<Value> {
  readonly promise: Promise<Value>;
  resolve(value: Value): void;
  reject(error: unknown): void;
}

/** Makes a promise that is settled from outside. */
export function deferred<Value>(): Deferred<Value> {
  let resolve: (value: Value) => void = () => {};
  let reject: (error: unknown) => void = () => {};
  const promise = new Promise<Value>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

/** A deferred that also settles by itself after a time, and then leaves no timer behind whichever way it was settled. */
export function timedDeferred<Value>(
  clock: Clock,
  delayMs: number,
  onTime: (late: Deferred<Value>) => void,
): Deferred<Value> {
  const inner = deferred<Value>();
  const timer = clock.setTimeout(() => onTime(inner), delayMs);
  return {
    promise: inner.promise,
    resolve: (value) => {
      clock.clearTimeout(timer);
      inner.resolve(value);
    },
    reject: (error) => {
      clock.clearTimeout(timer);
      inner.reject(error);
    },
  };
}
