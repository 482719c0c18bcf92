import { InvalidArgumentError } from './access-token/errors.js';
import type { LimitVerdict } from './rate-limiter.js';
import { RequestRefusedError } from './request-refused-error.js';

const LONGEST_WAIT_SECONDS = 366 * 86_400;

/**
 * Lets pass whom a limiter lets pass.
 *
 * @param option the limiter's name among the options.
 * @throws RequestRefusedError 429 for who has to wait, InvalidArgumentError for what is no verdict: that lets nobody pass.
 */
export function demandWithin(option: string, verdict: LimitVerdict | undefined): void {
  const waitSeconds = waitSecondsOf(option, verdict);
  if (waitSeconds !== null) throw rateLimited(waitSeconds);
}

/**
 * How long a limiter lets somebody wait; null for whom it lets pass.
 *
 * @throws InvalidArgumentError for what is no verdict.
 */
export function waitSecondsOf(option: string, verdict: LimitVerdict | undefined): number | null {
  if (verdict === null || verdict === undefined) return null;
  const { retryAfterSeconds } = verdict;
  if (typeof retryAfterSeconds !== 'number' || !(retryAfterSeconds >= 0 && retryAfterSeconds <= LONGEST_WAIT_SECONDS)) {
    throw new InvalidArgumentError(option, 'must answer null, or retryAfterSeconds with a number of seconds.');
  }
  return retryAfterSeconds;
}

/** What a caller is told who has to wait. */
export function rateLimited(retryAfterSeconds: number): RequestRefusedError {
  const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
  return new RequestRefusedError(429, 'RATE_LIMITED', `Too many requests: ask again in ${seconds} s.`, {
    'retry-after': String(seconds),
  });
}
