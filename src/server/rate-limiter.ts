import { checkFunction, checkObject, checkWhole } from './access-token/check-arguments.js';

/** Null lets a request pass; otherwise the seconds after which the caller may ask again, for `Retry-After`. */
export type LimitVerdict = { readonly retryAfterSeconds: number } | null;

/**
 * Decides whether the user may ask now. With `rate-limiter-flexible`, whose stores several processes share, and which rejects with an
 * `Error` when the store itself fails:
 *
 * ```ts
 * const limit: Limiter = async (userId) => {
 *   try {
 *     await limiter.consume(userId);
 *     return null;
 *   } catch (refused) {
 *     if (refused instanceof Error) throw refused; // answered with 500
 *     return { retryAfterSeconds: (refused as RateLimiterRes).msBeforeNext / 1000 };
 *   }
 * };
 * ```
 */
export type Limiter = (userId: string, request: Request) => LimitVerdict | Promise<LimitVerdict>;

/** What {@link memoryLimiter} needs. */
export interface MemoryLimiterOptions {
  /** How many requests a user may make in each window. */
  readonly requests: number;
  /** The length of a window in seconds. */
  readonly perSeconds: number;
  /**
   * How many users are kept in mind. Beyond that those are forgotten who may still ask, the oldest windows first; where all others have to
   * wait, that is whoever asks next. Who has to wait is forgotten only when nobody else is left. Default: 10 000.
   */
  readonly maxUsers?: number;
  /** The time, in milliseconds since the epoch. Default: the system's. */
  readonly now?: () => number;
}

interface Window {
  readonly endsAt: number;
  requests: number;
}

/**
 * Counts requests per user in the memory of this process, in fixed windows that begin with a user's first request. Several processes
 * count each for itself.
 *
 * @throws InvalidArgumentError naming the option that cannot be right.
 */
export function memoryLimiter(options: MemoryLimiterOptions): Limiter {
  checkObject('options', options, 'requests and perSeconds');
  const { requests, perSeconds, maxUsers = 10_000, now = Date.now } = options;
  checkWhole('requests', requests, 1, Number.MAX_SAFE_INTEGER);
  checkWhole('perSeconds', perSeconds, 1, Number.MAX_SAFE_INTEGER);
  checkWhole('maxUsers', maxUsers, 1, Number.MAX_SAFE_INTEGER);
  checkFunction('now', now);
  const windows = new Windows(requests, maxUsers);

  return (userId) => {
    const time = now();
    const window = windows.of(userId);
    // A window that ends later than one that began now is of a clock that was set back since.
    const open = window && window.endsAt > time && window.endsAt <= time + perSeconds * 1000;
    if (open && window.requests >= requests) return { retryAfterSeconds: (window.endsAt - time) / 1000 };
    if (open) windows.count(userId, window, time);
    else windows.count(userId, { endsAt: time + perSeconds * 1000, requests: 0 }, time);
    return null;
  };
}

/** The windows of the users that are kept in mind. Whoever has to wait is kept apart, so that a crowd of others cannot push them out. */
class Windows {
  readonly #requests: number;
  readonly #maxUsers: number;
  /** Windows are of one length, so the order of this map is the order in which they end. */
  readonly #mayAsk = new Map<string, Window>();
  readonly #mustWait = new Map<string, Window>();

  constructor(requests: number, maxUsers: number) {
    this.#requests = requests;
    this.#maxUsers = maxUsers;
  }

  of(userId: string): Window | undefined {
    return this.#mayAsk.get(userId) ?? this.#mustWait.get(userId);
  }

  /** Counts one more request in a window, which is the user's or takes its place. */
  count(userId: string, window: Window, time: number): void {
    window.requests += 1;
    const waits = window.requests >= this.#requests;
    if (waits || this.#mayAsk.get(userId) !== window) this.#mayAsk.delete(userId); // set anew, it moves to the end of the order
    this.#mustWait.delete(userId);
    (waits ? this.#mustWait : this.#mayAsk).set(userId, window);
    if (this.#mayAsk.size + this.#mustWait.size > this.#maxUsers) this.#forgetOne(userId, time);
  }

  #forgetOne(newest: string, time: number): void {
    const [longest] = this.#mustWait;
    if (longest && longest[1].endsAt <= time) return void this.#mustWait.delete(longest[0]);
    const [oldest = newest] = this.#mayAsk.keys();
    if (oldest !== newest) return void this.#mayAsk.delete(oldest);
    const first = this.#firstToEnd(newest);
    const mustStay = first !== null && first.endsAt > time;
    if (first === null || (mustStay && this.#mayAsk.delete(newest))) return;
    this.#mustWait.delete(first.userId);
  }

  #firstToEnd(newest: string): { userId: string; endsAt: number } | null {
    let first: { userId: string; endsAt: number } | null = null;
    for (const [userId, { endsAt }] of this.#mustWait) {
      if (userId !== newest && (first === null || endsAt < first.endsAt)) first = { userId, endsAt };
    }
    return first;
  }
}
