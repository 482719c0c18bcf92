import { MAX_LIFE_SECONDS } from './wire-format.js';

/** When tokens are renewed ahead of time. Fractions are of the token's life. */
export interface RefreshPolicy {
  /** Range of the first renewal after a login; wide, so that clients which log in together spread out. Default 0.2 to 0.9. */
  readonly first: readonly [earliest: number, latest: number];
  /** Range of every later renewal. Default 0.7 to 0.85. */
  readonly later: readonly [earliest: number, latest: number];
}

export const DEFAULT_REFRESH: RefreshPolicy = { first: [0.2, 0.9], later: [0.7, 0.85] };

/** Agora honours no token for longer. */
export const MAX_LIFE_MS: number = 1000 * MAX_LIFE_SECONDS;

/** A session's timer never waits longer than this: a hidden tab's timers fire once a minute, and sleep stops them. */
export const LONGEST_TIMER_MS = 60_000;

/** The SDK warns 30 s before a token lapses; 5 s more is what a renewal may take. */
export const SDK_WARNING_MS = 35_000;

/** The SDK's warning, and the minute for which a hidden tab may be asleep. */
const HIDDEN_TAB_RESERVE_MS = 95_000;
const HIDDEN_TAB_LIFE_MS = 600_000;
const WARNED_LIFE_MS = 90_000;

/**
 * How much of a token's life is kept in hand at its renewal: 95 s for lives of 10 min and more, 35 s for 90 s and more, and that
 * last one's share of the life below.
 */
export function reserveMs(lifeMs: number): number {
  if (lifeMs >= HIDDEN_TAB_LIFE_MS) return HIDDEN_TAB_RESERVE_MS;
  if (lifeMs >= WARNED_LIFE_MS) return SDK_WARNING_MS;
  return (lifeMs * SDK_WARNING_MS) / WARNED_LIFE_MS;
}

/**
 * The age at which a token is to be renewed.
 *
 * @param lifeMs the token's life
 * @param draw a random number from 0 to 1; one draw serves all tokens of a request, so that they fall due together
 */
export function renewalAgeMs(
  lifeMs: number,
  draw: number,
  range: readonly [earliest: number, latest: number] = DEFAULT_REFRESH.later,
): number {
  const [earliest, latest] = range;
  const usableMs = lifeMs - reserveMs(lifeMs);
  // The range shrinks to what the reserve leaves rather than being cut off there: a cut would heap clients up on one moment.
  const scaleMs = Math.min(lifeMs, usableMs / latest);
  return scaleMs * (earliest + draw * (latest - earliest));
}
