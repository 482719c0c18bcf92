import type { Clock } from '../../src/environment/clock.js';

interface Timer {
  readonly due: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that moves only when a test says so. */
export class VirtualClock implements Clock {
  #wall: number;
  #monotonic = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(wall: number = Date.UTC(2026, 0, 1)) {
    this.#wall = wall;
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

  /** Lets `ms` pass, firing timers in order and letting promises settle after each. */
  async advance(ms: number): Promise<void> {
    await settle();
    const end = this.#monotonic + ms;
    for (let timer = this.#next(end); timer; timer = this.#next(end)) {
      this.#move(Math.max(0, timer.due - this.#monotonic));
      this.#timers.delete(timer);
      timer.callback();
      await settle();
    }
    this.#move(end - this.#monotonic);
    await settle();
  }

  /** Advances in steps until the condition holds; fails after `limitMs` of virtual time. */
  async until(condition: () => boolean, limitMs = 600_000, stepMs = 250): Promise<void> {
    const end = this.#monotonic + limitMs;
    await settle();
    while (!condition()) {
      if (this.#monotonic >= end) throw new Error(`Not reached within ${limitMs} ms of virtual time: ${condition}`);
      await this.advance(stepMs);
    }
  }

  /** The machine sleeps: the wall clock moves on, the monotonic one and all timers stand still. */
  sleep(ms: number): void {
    this.#wall += ms;
  }

  /** Somebody sets the system's clock by `ms`, forward or back. */
  setBy(ms: number): void {
    this.#wall += ms;
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

/** Lets everything that is ready run: promise jobs, and the immediate callbacks of streams and sockets. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
}
