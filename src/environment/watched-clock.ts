import { type Clock, elapsedMs, instant } from './clock.js';

/** A clock that remembers how late its timers fired: the sleep of a machine and the throttling of a hidden page show there. */
export class WatchedClock implements Clock {
  readonly setPromptTimeout?: Clock['setTimeout'];
  readonly #clock: Clock;
  #latestMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    if (!clock.setPromptTimeout) return;
    this.setPromptTimeout = (callback, delayMs) => clock.setPromptTimeout?.(this.#watched(callback, delayMs), delayMs);
  }

  /** The most by which a timer was late, milliseconds. */
  get latestMs(): number {
    return this.#latestMs;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  setTimeout(callback: () => void, delayMs: number): unknown {
    return this.#clock.setTimeout(this.#watched(callback, delayMs), delayMs);
  }

  clearTimeout(handle: unknown): void {
    this.#clock.clearTimeout(handle);
  }

  #watched(callback: () => void, delayMs: number): () => void {
    const start = instant(this.#clock);
    return () => {
      this.#latestMs = Math.max(this.#latestMs, Math.round(elapsedMs(this.#clock, start) - delayMs));
      callback();
    };
  }
}
