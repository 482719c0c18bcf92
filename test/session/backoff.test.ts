import { describe, expect, it } from 'vitest';
import { backoffMs, forgetOldStrikes } from '../../src/session/wanted/backoff.js';
import { ChannelQueue } from '../../src/session/wanted/channel-queue.js';
import { SUBSCRIPTION } from '../../src/session/wanted/item-kinds.js';
import { CALM_MS, type WantedItem } from '../../src/session/wanted/wanted-item.js';
import { DEFAULT_RETRY } from '../../src/token/retry-schedule.js';

const newItem = (): WantedItem => new ChannelQueue('lobby', false).item(SUBSCRIPTION, '');

/** The waits after this many failures in a row. */
function waits(count: number, draw: number, retry = DEFAULT_RETRY): number[] {
  const item = newItem();
  return Array.from({ length: count }, () => backoffMs(item, draw, retry));
}

describe('an item that failed is left alone', () => {
  it('for the first wait, then for twice as long each time, up to half a minute', () => {
    expect(waits(7, 0.5)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  it('for no longer than the policy says', () => {
    expect(waits(4, 0.5, { ...DEFAULT_RETRY, longestMs: 3_000 })).toEqual([1_000, 2_000, 3_000, 3_000]);
  });

  it('give or take a quarter, at random', () => {
    expect([waits(1, 0), waits(1, 1)]).toEqual([[750], [1_250]]);
  });
});

describe('an item that was present', () => {
  const troubled = (presentSinceMs: number | null): WantedItem => {
    const item = newItem();
    item.strikes = { backoffs: 3, duplicates: 1, refusals: 1, kicks: 2 };
    item.presentSinceMs = presentSinceMs;
    return item;
  };

  it('for a minute has its earlier trouble forgotten', () => {
    const item = troubled(1_000);
    forgetOldStrikes(item, 1_000 + CALM_MS);
    expect(item.strikes).toEqual({ backoffs: 0, duplicates: 0, refusals: 0, kicks: 0 });
    expect(CALM_MS).toBe(60_000);
  });

  it('for less, or never, has it remembered, and counts the time anew', () => {
    for (const since of [1_000, null]) {
      const item = troubled(since);
      forgetOldStrikes(item, 1_000 + CALM_MS - 1);
      forgetOldStrikes(item, 1_000 + 10 * CALM_MS);
      expect(item.strikes).toEqual({ backoffs: 3, duplicates: 1, refusals: 1, kicks: 2 });
      expect(item.presentSinceMs).toBeNull();
    }
  });

  it('for half a life of short tokens is calm sooner', () => {
    const item = troubled(0);
    item.calmMs = 5_000;
    forgetOldStrikes(item, 5_000);
    expect(item.strikes.backoffs).toBe(0);
  });
});
