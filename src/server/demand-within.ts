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
  if (verdict === null || verdict === undefined) return;
  const { retryAfterSeconds } = verdict;
  if (typeof retryAfterSeconds !== 'number' || !(retryAfterSeconds >= 0 && retryAfterSeconds <= LONGEST_WAIT_SECONDS)) {
    throw new InvalidArgumentError(option, 'must answer null, or retryAfterSeconds with a number of seconds.');
  }
  throw rateLimited(retryAfterSeconds);
}

/** What a caller is told who has to wait. */
export function rateLimited(retryAfterSeconds: number): RequestRefusedError {
  const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
  return new RequestRefusedError(429, 'RATE_LIMITED', `Too many requests: ask again in ${seconds} s.`, {
    'retry-after': String(seconds),
  });
}
