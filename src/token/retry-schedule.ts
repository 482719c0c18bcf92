/** How failed token requests, logins and joins are repeated. */
export interface RetryPolicy {
  /** Upper bound of the first wait, milliseconds. Default 1 000. */
  readonly firstMs: number;
  /** Upper bound that the waits grow to by doubling, milliseconds. Default 60 000. */
  readonly longestMs: number;
  /** Milliseconds after which a token request without an answer is given up. Default 10 000. */
  readonly timeoutMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { firstMs: 1_000, longestMs: 60_000, timeoutMs: 10_000 };

/** The share of its upper bound below which no wait falls, so that chance cannot make a retry immediate. */
const SHORTEST_SHARE = 0.1;

/**
 * How long to wait after the nth failure in a row: exponential backoff with full jitter, so that clients which failed together do
 * not come back together.
 *
 * @param failures how many attempts in a row have failed, from 1
 * @param draw a random number from 0 to 1
 */
export function retryDelayMs(failures: number, draw: number, policy: RetryPolicy): number {
  const bound = Math.min(policy.longestMs, policy.firstMs * 2 ** Math.min(failures - 1, 30));
  return bound * Math.max(SHORTEST_SHARE, draw);
}

/**
 * The wait when the server named one with `Retry-After`: honoured up to half of what is left of the token's life, since waiting
 * longer would trade the server's comfort for the user's login.
 */
export function honouredRetryAfterMs(retryAfterMs: number, remainingMs: number): number {
  return Math.min(retryAfterMs, Math.max(0, remainingMs) / 2);
}

/**
 * A wait cut down to half of what is left of the token's life, but not below the policy's first wait, so that a token server that is
 * back before the token lapses is found in time.
 *
 * @param remainingMs what is left of the token's life; 0 for a lapsed one or none, which changes nothing
 */
export function beforeLapseMs(delayMs: number, remainingMs: number, policy: RetryPolicy): number {
  return remainingMs > 0 ? Math.min(delayMs, Math.max(policy.firstMs, remainingMs / 2)) : delayMs;
}

/** What is known when a failed token request is to be repeated. */
export interface FailedRequest {
  /** Failures in a row, from 1. */
  readonly failures: number;
  /** A random number from 0 to 1. */
  readonly draw: number;
  /** What is left of the newest token's life, milliseconds; null without a token. */
  readonly remainingMs: number | null;
  /** What the server asked for with `Retry-After`, milliseconds; 0 for nothing. */
  readonly retryAfterMs: number;
}

/** The wait before a failed token request is repeated: backoff, ahead of the lapse, and as the server asked. */
export function requestDelayMs(
  { failures, draw, remainingMs, retryAfterMs }: FailedRequest,
  policy: RetryPolicy,
): number {
  const delayMs = beforeLapseMs(retryDelayMs(failures, draw, policy), remainingMs ?? 0, policy);
  return Math.max(delayMs, honouredRetryAfterMs(retryAfterMs, remainingMs ?? 2 * policy.longestMs));
}
