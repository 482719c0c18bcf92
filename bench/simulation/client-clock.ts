import type { Clock } from 'agora-session';
import type { Scheduler } from './scheduler.js';
import type { Span } from './spans.js';

/** What a machine does to the time of the page on it. */
export interface Machine {
  /** When it sleeps; in order and apart. */
  readonly sleeps: readonly Span[];
  /** The page is hidden, and its timers fire on the minute only. */
  readonly throttled: boolean;
}

const MINUTE_MS = 60_000;

/** A page's clock. While the machine sleeps the monotonic time and all timers stand still, and the wall clock moves on. */
export function createClientClock(scheduler: Scheduler, { sleeps, throttled }: Machine): Clock {
  const monotonic = (): number => awakeBy(scheduler.elapsed, sleeps);
  return {
    now: () => scheduler.clock.now(),
    monotonic,
    setTimeout(callback, delayMs) {
      const due = monotonic() + Math.max(0, delayMs);
      const fires = throttled ? Math.ceil(due / MINUTE_MS) * MINUTE_MS : due;
      return scheduler.at(momentOf(fires, sleeps), callback);
    },
    clearTimeout: (handle) => scheduler.cancel(handle),
  };
}

/** How long the machine has been awake by a moment. */
function awakeBy(moment: number, sleeps: readonly Span[]): number {
  return sleeps.reduce((awake, { from, to }) => awake - Math.max(0, Math.min(to, moment) - from), moment);
}

/** When the machine has been awake for so long. */
function momentOf(awakeMs: number, sleeps: readonly Span[]): number {
  return sleeps.reduce((moment, { from, to }) => (moment > from ? moment + (to - from) : moment), awakeMs);
}
