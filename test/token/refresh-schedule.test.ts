import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DEFAULT_REFRESH, renewalAgeMs, reserveMs } from '../../src/token/refresh-schedule.js';

const lifeMs = fc.integer({ min: 1_000, max: 30 * 86_400_000 });
const draw = fc.double({ min: 0, max: 1, noNaN: true });

describe('the refresh schedule, for every life from 1 s to 30 days', () => {
  it('renews before the reserve begins and never at once', () => {
    fc.assert(
      fc.property(
        lifeMs,
        draw,
        fc.constantFrom(DEFAULT_REFRESH.first, DEFAULT_REFRESH.later),
        (life, chance, range) => {
          const age = renewalAgeMs(life, chance, range);
          expect(age).toBeGreaterThan(life * 0.1);
          expect(life - age).toBeGreaterThanOrEqual(reserveMs(life) - 1e-6);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('never renews a token within a quarter of its life after a renewal', () => {
    fc.assert(fc.property(lifeMs, draw, (life, chance) => renewalAgeMs(life, chance) >= life / 4));
  });

  it.each([
    [3_600_000, 'first', 720_000, 3_240_000],
    [3_600_000, 'later', 2_520_000, 3_060_000],
    [86_400_000, 'later', 60_480_000, 73_440_000],
    [600_000, 'first', 112_222, 505_000],
    [90_000, 'later', 45_294, 55_000],
    [30_000, 'later', 15_098, 18_333],
  ] as const)('spreads the renewal of a %i ms token (%s) from %i to %i ms', (life, name, earliest, latest) => {
    expect(renewalAgeMs(life, 0, DEFAULT_REFRESH[name])).toBeCloseTo(earliest, -1);
    expect(renewalAgeMs(life, 1, DEFAULT_REFRESH[name])).toBeCloseTo(latest, -1);
  });

  it.each([
    [600_000, 95_000],
    [599_999, 35_000],
    [90_000, 35_000],
    [45_000, 17_500],
  ])('keeps of a life of %i ms %i ms in hand', (life, reserve) => expect(reserveMs(life)).toBe(reserve));
});
