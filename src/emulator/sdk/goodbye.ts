import type { Clock } from '../../environment/clock.js';
import type { Deferred } from '../../environment/waiting.js';
import type { Link } from '../transport.js';
import { timedDeferred } from './timed-deferred.js';

const PATIENCE_MS = 5000;

/** The logout that is told to the service. It waits for the answer, but not for long. */
export class Goodbye {
  readonly #clock: Clock;
  #waiting: Deferred<number> | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves to the service's time, or to 0 when nobody answers. */
  say(link: Link): Promise<number> {
    const waiting = timedDeferred<number>(this.#clock, PATIENCE_MS, (late) => late.resolve(0));
    this.#waiting = waiting;
    void link.request('logout', {}).then((outcome) => waiting.resolve(outcome.ok ? outcome.timestamp : 0));
    return waiting.promise;
  }

  /** The link is gone: nobody will answer. */
  giveUp(): void {
    this.#waiting?.resolve(0);
    this.#waiting = null;
  }
}
