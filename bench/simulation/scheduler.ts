import type { Clock } from 'agora-session';

/** Something to do at a moment. */
interface Timer {
  readonly due: number;
  readonly order: number;
  callback: (() => void) | null;
}

/**
 * The one time of a simulated world. It stands still while anything happens and jumps from event to event, so a day costs no more than
 * its events.
 */
export class Scheduler {
  /** The time of everything that never sleeps: the services. */
  readonly clock: Clock = {
    now: () => this.#epoch + this.#elapsed,
    monotonic: () => this.#elapsed,
    setTimeout: (callback, delayMs) => this.at(this.#elapsed + Math.max(0, delayMs), callback),
    clearTimeout: (handle) => this.cancel(handle),
  };
  readonly #epoch: number;
  readonly #onTask: (tookMs: number) => void;
  readonly #queue = new TimerQueue();
  #elapsed = 0;
  #order = 0;
  #held = 0;

  /**
   * @param epoch the wall clock's time at the start, epoch milliseconds
   * @param onTask is told how long each timer took with the promises that it settled, in milliseconds of real time
   */
  constructor(epoch: number, onTask: (tookMs: number) => void = () => {}) {
    this.#epoch = epoch;
    this.#onTask = onTask;
  }

  /** Milliseconds since the start. */
  get elapsed(): number {
    return this.#elapsed;
  }

  /** Calls back at a moment, milliseconds since the start; returns a handle for {@link cancel}. */
  at(due: number, callback: () => void): unknown {
    const timer: Timer = { due: Math.max(due, this.#elapsed), order: this.#order++, callback };
    this.#queue.push(timer);
    return timer;
  }

  /** Takes a timer back; one that has fired is ignored. */
  cancel(handle: unknown): void {
    if (isTimer(handle)) handle.callback = null;
  }

  /** Resolves after so many milliseconds. */
  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.at(this.#elapsed + delayMs, resolve));
  }

  /** Lets time stand still until some real work, such as the token server's, is done. */
  async hold<Value>(work: Promise<Value>): Promise<Value> {
    this.#held += 1;
    try {
      return await work;
    } finally {
      this.#held -= 1;
    }
  }

  /** Starts something that really has to load code first, with time standing still until it acts. */
  async startUp(work: Promise<unknown>, isActing: () => boolean): Promise<void> {
    let failure: unknown = null;
    work.catch((error: unknown) => {
      failure = error;
    });
    while (!isActing() && failure === null) await this.#settle();
    if (failure !== null) throw failure;
  }

  /** Lets time pass, firing timers in order and letting promises settle after each. */
  async runUntil(end: number): Promise<void> {
    await this.#settle();
    for (let timer = this.#queue.take(end); timer; timer = this.#queue.take(end)) {
      const { callback } = timer;
      if (!callback) continue;
      this.#elapsed = timer.due;
      timer.callback = null;
      const start = performance.now();
      callback();
      await this.#settle();
      this.#onTask(performance.now() - start);
    }
    this.#elapsed = end;
  }

  /** All promise jobs run before an immediate callback does, so one is enough unless real work is under way. */
  async #settle(): Promise<void> {
    do await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#held > 0);
  }
}

function isTimer(handle: unknown): handle is Timer {
  return typeof handle === 'object' && handle !== null && 'callback' in handle;
}

/** A binary heap of timers: the earliest first, and of equals the one that was set first. */
class TimerQueue {
  readonly #heap: Timer[] = [];

  push(timer: Timer): void {
    let index = this.#heap.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfEarlier(index, parent)) return;
      index = parent;
    }
  }

  /** Removes and gives the first timer that is due by then. */
  take(end: number): Timer | undefined {
    const first = this.#heap[0];
    if (!first || first.due > end) return undefined;
    const last = this.#heap.pop();
    if (last && last !== first) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    for (let index = 0; ; ) {
      const left = 2 * index + 1;
      const child = this.#isEarlier(left + 1, left) ? left + 1 : left;
      if (!this.#swapIfEarlier(child, index)) return;
      index = child;
    }
  }

  #swapIfEarlier(index: number, other: number): boolean {
    const [one, two] = [this.#heap[index], this.#heap[other]];
    if (!one || !two || !this.#isEarlier(index, other)) return false;
    this.#heap[index] = two;
    this.#heap[other] = one;
    return true;
  }

  #isEarlier(index: number, other: number): boolean {
    const [one, two] = [this.#heap[index], this.#heap[other]];
    if (!one || !two) return false;
    return one.due < two.due || (one.due === two.due && one.order < two.order);
  }
}
