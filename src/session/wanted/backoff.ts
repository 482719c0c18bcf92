import type { RetryPolicy } from '../../token/retry-schedule.js';
import { NO_STRIKES, type WantedItem } from './wanted-item.js';

/** A wanted item is tried again after this long at the latest, milliseconds. */
const LONGEST_BACKOFF_MS = 30_000;

/**
 * How long to leave an item alone after one more failure: from the policy's first wait, doubling, up to 30 s, give or take a quarter.
 *
 * @param draw a random number from 0 to 1
 */
export function backoffMs({ strikes }: WantedItem, draw: number, { firstMs, longestMs }: RetryPolicy): number {
  const boundMs = Math.min(longestMs, LONGEST_BACKOFF_MS, firstMs * 2 ** strikes.backoffs);
  strikes.backoffs += 1;
  return boundMs * (0.75 + draw / 2);
}

/** An item that was present long enough before it fails again starts anew; a success alone forgets nothing. */
export function forgetOldStrikes(item: WantedItem, nowMs: number): void {
  const { presentSinceMs, calmMs } = item;
  if (presentSinceMs !== null && nowMs - presentSinceMs >= calmMs) item.strikes = { ...NO_STRIKES };
  item.presentSinceMs = null;
}
