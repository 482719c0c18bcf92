import { type Clock, elapsedMs, type Instant, instant } from '../../environment/clock.js';
import { pause } from '../../environment/waiting.js';

/** The SDK drops calls beyond 20 a second ("Limitations"); a session stays below, since the app makes calls of its own. */
const CALLS_PER_SECOND = 15;
const SECOND_MS = 1_000;

/** Lets at most 15 calls start in any second; more wait their turn. */
export class SdkPace {
  readonly #clock: Clock;
  readonly #starts: Instant[] = [];
  #queue: Promise<void> = Promise.resolve();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves when a call may start; rejects with the signal's reason. */
  turn(signal: AbortSignal): Promise<void> {
    const turn = this.#queue.then(() => this.#wait(signal));
    this.#queue = turn.catch(() => {});
    return turn;
  }

  async #wait(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const oldest = this.#starts.length < CALLS_PER_SECOND ? null : this.#starts.shift();
    const waitMs = oldest ? SECOND_MS - elapsedMs(this.#clock, oldest) : 0;
    if (waitMs > 0) await pause(this.#clock, waitMs, signal);
    this.#starts.push(instant(this.#clock));
  }
}
