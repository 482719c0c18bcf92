import { checkWhole } from './access-token/check-arguments.js';

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
  /** How many users are kept in mind; beyond that the oldest windows are forgotten. Default: 10 000. */
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
 * @throws InvalidArgumentError when a number is not a whole one from 1.
 */
export function memoryLimiter(options: MemoryLimiterOptions): Limiter {
  const { requests, perSeconds, maxUsers = 10_000, now = Date.now } = options;
  checkWhole('requests', requests, 1, Number.MAX_SAFE_INTEGER);
  checkWhole('perSeconds', perSeconds, 1, Number.MAX_SAFE_INTEGER);
  checkWhole('maxUsers', maxUsers, 1, Number.MAX_SAFE_INTEGER);
  const windows = new Map<string, Window>();

  return (userId) => {
    const time = now();
    const window = windows.get(userId);
    // A window that ends later than one that began now is of a clock that was set back since.
    if (window && window.endsAt > time && window.endsAt <= time + perSeconds * 1000) {
      window.requests += 1;
      return window.requests <= requests ? null : { retryAfterSeconds: (window.endsAt - time) / 1000 };
    }
    windows.delete(userId); // set anew, the window moves to the end of the map's order
    windows.set(userId, { endsAt: time + perSeconds * 1000, requests: 1 });
    forgetOldest(windows, maxUsers);
    return null;
  };
}

/** Windows are of one length, so the map's order is the order in which they end. */
function forgetOldest(windows: Map<string, Window>, maxUsers: number): void {
  for (const userId of windows.keys()) {
    if (windows.size <= maxUsers) return;
    windows.delete(userId);
  }
}
