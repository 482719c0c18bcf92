import type { Clock } from '../../environment/clock.js';
import { type Deferred, deferred } from '../../environment/waiting.js';

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
