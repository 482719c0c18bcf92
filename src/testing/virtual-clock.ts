import type { Clock } from '../environment/clock.js';
import { inflated } from './inflating.js';
import { nextTurns } from './turns.js';

/** What a {@link VirtualClock} takes. */
export interface VirtualClockOptions {
  /** The wall clock's time in the beginning, milliseconds since the epoch. Default: the first of January 2026, UTC. */
  readonly startsAt?: number;
  /**
   * Waits for work that goes on outside of virtual time, on another thread, whenever the clock has moved. Default: for tokens that are
   * being inflated; promises and the turns of the event loop are waited for in any case.
   */
  readonly meanwhile?: () => Promise<unknown>;
}

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

const TURNS = 4;
const FIRST_OF_JANUARY_2026 = Date.UTC(2026, 0, 1);

/**
 * A clock that moves only when a test says so: an hour passes in a moment, and always in the same way. Pass it as the option `clock` of
 * a session and of an emulator. It runs in Node and in browsers.
 *
 * ```ts
 * const clock = new VirtualClock();
 * clock.setTimeout(() => console.log('an hour later'), 3_600_000);
 * await clock.advance(3_600_000);
 * ```
 */
export class VirtualClock implements Clock {
  readonly #meanwhile: () => Promise<unknown>;
  readonly #timers = new Set<Timer>();
  #wall: number;
  #monotonic = 0;
  #order = 0;

  constructor({ startsAt = FIRST_OF_JANUARY_2026, meanwhile = inflated }: VirtualClockOptions = {}) {
    if (!Number.isFinite(startsAt)) throw new TypeError('startsAt must be a number of milliseconds since the epoch.');
    this.#wall = startsAt;
    this.#meanwhile = meanwhile;
  }

  now(): number {
    return this.#wall;
  }

  monotonic(): number {
    return this.#monotonic;
  }

  setTimeout(callback: () => void, delayMs: number): unknown {
    const timer = { due: this.#monotonic + Math.max(0, delayMs), order: this.#order++, callback };
    this.#timers.add(timer);
    return timer;
  }

  clearTimeout(handle: unknown): void {
    this.#timers.delete(handle as Timer);
  }

  /** How many timers are armed. */
  get pending(): number {
    return this.#timers.size;
  }

  /**
   * Lets `ms` milliseconds pass: fires the timers that fall due in their order, and lets everything that follows from each happen
   * before the next. `advance(0)` lets what is ready happen.
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Number.POSITIVE_INFINITY)) throw new TypeError('ms must be a number, 0 or more.');
    await this.#settle();
    const end = this.#monotonic + ms;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#move(Math.max(0, timer.due - this.#monotonic));
      this.#timers.delete(timer);
      timer.callback();
      await this.#settle();
    }
    this.#move(end - this.#monotonic);
    await this.#settle();
  }

  /**
   * Lets time pass, `stepMs` at a time, until a condition holds.
   *
   * @throws Error when it does not within `limitMs` (default 600,000) of virtual time.
   */
  async until(condition: () => boolean, limitMs: number = 600_000, stepMs: number = 250): Promise<void> {
    const end = this.#monotonic + limitMs;
    await this.#settle();
    while (!condition()) {
      if (this.#monotonic >= end) throw new Error(`Not reached within ${limitMs} ms of virtual time: ${condition}`);
      await this.advance(stepMs);
    }
  }

  /** Lets time pass, `stepMs` at a time, until a promise has settled, and gives what it came to. Fails as {@link until} does. */
  async during<Value>(promise: Promise<Value>, limitMs?: number, stepMs?: number): Promise<Value> {
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    promise.then(settle, settle);
    await this.until(() => settled, limitMs, stepMs);
    return promise;
  }

  /** The machine sleeps for `ms`: the wall clock moves on, the monotonic one and all timers stand still. */
  sleep(ms: number): void {
    this.#wall += ms;
  }

  /** Somebody sets the system's clock by `ms`, forward or back. */
  setBy(ms: number): void {
    this.#wall += ms;
  }

  async #settle(): Promise<void> {
    await nextTurns(TURNS);
    await this.#meanwhile();
  }

  #move(ms: number): void {
    this.#wall += ms;
    this.#monotonic += ms;
  }

  #next(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      if (!next || timer.due < next.due || (timer.due === next.due && timer.order < next.order)) next = timer;
    }
    return next;
  }
}
