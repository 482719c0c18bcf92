import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  beforeLapseMs,
  DEFAULT_RETRY,
  honouredRetryAfterMs,
  requestDelayMs,
  retryDelayMs,
} from '../../src/token/retry-schedule.js';

describe('the retry schedule', () => {
  it.each([
    [1, 1, 1_000],
    [2, 1, 2_000],
    [6, 1, 32_000],
    [7, 1, 60_000],
    [1_000, 1, 60_000],
    [3, 0.5, 2_000],
    [3, 0, 400],
  ])('after %i failures and a draw of %d waits %i ms', (failures, draw, expected) => {
    expect(retryDelayMs(failures, draw, DEFAULT_RETRY)).toBe(expected);
  });

  it('never waits longer than the bound nor less than a tenth of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (failures, draw) => {
        const delay = retryDelayMs(failures, draw, DEFAULT_RETRY);
        expect(delay).toBeGreaterThanOrEqual(100);
        expect(delay).toBeLessThanOrEqual(DEFAULT_RETRY.longestMs);
      }),
    );
  });

  it.each([
    [30_000, 3_600_000, 30_000],
    [30_000, 40_000, 20_000],
    [30_000, 0, 0],
    [30_000, -5, 0],
  ])('honours Retry-After of %i ms with %i ms of life left for %i ms', (asked, left, expected) => {
    expect(honouredRetryAfterMs(asked, left)).toBe(expected);
  });

  it.each([
    [60_000, 3_600_000, 60_000],
    [60_000, 40_000, 20_000],
    [60_000, 500, 1_000],
    [300, 500, 300],
    [60_000, 0, 60_000],
  ])('a wait of %i ms with %i ms of life left is %i ms', (delay, left, expected) => {
    expect(beforeLapseMs(delay, left, DEFAULT_RETRY)).toBe(expected);
  });

  it.each([
    ['the backoff, without a token', { failures: 4, draw: 1, remainingMs: null, retryAfterMs: 0 }, 8_000],
    [
      'what the server asks, without a token',
      { failures: 1, draw: 1, remainingMs: null, retryAfterMs: 50_000 },
      50_000,
    ],
    [
      'no longer than the longest, without a token',
      { failures: 1, draw: 1, remainingMs: null, retryAfterMs: 70_000 },
      60_000,
    ],
    ['half of what is left of a token', { failures: 7, draw: 1, remainingMs: 40_000, retryAfterMs: 0 }, 20_000],
    [
      'half of that at most, whatever the server asks',
      { failures: 1, draw: 1, remainingMs: 40_000, retryAfterMs: 90_000 },
      20_000,
    ],
  ])('a failed token request is repeated after %s', (_, request, expected) => {
    expect(requestDelayMs(request, DEFAULT_RETRY)).toBe(expected);
  });
});
