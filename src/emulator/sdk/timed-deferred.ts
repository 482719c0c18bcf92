import type { Clock } from '../../environment/clock.js';
import { type Deferred, deferred } from '../../environment/waiting.js';

/** A deferred that also settles by itself after a time. */
export interface TimedDeferred<Value> extends Deferred<Value> {
  /** It will not settle by itself any more. */
  stop(): void;
}

/** A deferred that also settles by itself after a time, and then leaves no timer behind whichever way it was settled. */
export function timedDeferred<Value>(
  clock: Clock,
  delayMs: number,
  onTime: (late: Deferred<Value>) => void,
): TimedDeferred<Value> {
  const inner = deferred<Value>();
  const timer = clock.setTimeout(() => onTime(inner), delayMs);
  const stop = (): void => clock.clearTimeout(timer);
  return {
    promise: inner.promise,
    stop,
    resolve: (value) => {
      stop();
      inner.resolve(value);
    },
    reject: (error) => {
      stop();
      inner.reject(error);
    },
  };
}
