import type { Clock, WakeSource } from 'agora-session';

interface Timer {
  readonly due: number;
  readonly callback: () => void;
  handle: unknown;
}

const MINUTE_MS = 60_000;

/**
 * The computer that a user's page runs on: its clock, which the page is given. It can sleep: the wall clock moves on, everything else
 * stands still. And the page can be hidden behind others, where browsers fire timers once a minute.
 */
export class Machine implements Clock {
  readonly #world: Clock;
  readonly #timers = new Set<Timer>();
  readonly #wakened = new Set<() => void>();
  #asleepSince: number | null = null;
  #sleptMs = 0;
  #hidden = false;

  constructor(world: Clock) {
    this.#world = world;
  }

  /** The session's option `wake`. */
  readonly wake: WakeSource = (listener) => {
    this.#wakened.add(listener);
    return () => this.#wakened.delete(listener);
  };

  get isAsleep(): boolean {
    return this.#asleepSince !== null;
  }

  get isHidden(): boolean {
    return this.#hidden;
  }

  now(): number {
    return this.#world.now();
  }

  monotonic(): number {
    const end = this.#asleepSince ?? this.#world.monotonic();
    return end - this.#sleptMs;
  }

  setTimeout(callback: () => void, delayMs: number): unknown {
    const timer = { due: this.monotonic() + Math.max(0, delayMs), callback, handle: null };
    this.#timers.add(timer);
    this.#arm(timer);
    return timer;
  }

  clearTimeout(handle: unknown): void {
    const timer = handle as Timer | null;
    if (timer && this.#timers.delete(timer)) this.#world.clearTimeout(timer.handle);
  }

  fallAsleep(): void {
    if (this.#asleepSince !== null) return;
    this.#asleepSince = this.#world.monotonic();
    for (const timer of this.#timers) this.#world.clearTimeout(timer.handle);
  }

  wakeUp(): void {
    if (this.#asleepSince === null) return;
    this.#sleptMs += this.#world.monotonic() - this.#asleepSince;
    this.#asleepSince = null;
    for (const timer of this.#timers) this.#arm(timer);
    for (const listener of [...this.#wakened]) listener();
  }

  /** Hides the page behind others, or shows it again. */
  hide(hidden: boolean): void {
    if (this.#hidden === hidden) return;
    this.#hidden = hidden;
    for (const timer of this.#timers) {
      this.#world.clearTimeout(timer.handle);
      this.#arm(timer);
    }
    if (!hidden) for (const listener of [...this.#wakened]) listener();
  }

  #arm(timer: Timer): void {
    if (this.#asleepSince !== null) return;
    const fires = this.#hidden ? Math.ceil(timer.due / MINUTE_MS) * MINUTE_MS : timer.due;
    timer.handle = this.#world.setTimeout(
      () => {
        if (this.#timers.delete(timer)) timer.callback();
      },
      Math.max(0, fires - this.monotonic()),
    );
  }
}
