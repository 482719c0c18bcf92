import { describe, expect, it } from 'vitest';
import { FaultSchedule, type Faults } from '../../bench/simulation/faults.js';
import { type Lapse, lapseOf, leastWithoutToken } from '../../bench/simulation/lapse.js';
import type { LinkChange } from '../../bench/simulation/link-record.js';
import { REACTION_MS } from '../../bench/simulation/reaction-time.js';

const HOUR = 3_600_000;
const CALM: Faults = { cuts: [], outages: [], sleeps: [], throttled: false };
const NOTHING: Lapse = { noLink: 0, noToken: 0, sdk: 0, recovering: 0, avoidable: 0 };

/** Classifies two hours of a login that stands from the start, with a token of one hour. */
function lapse(
  faults: Partial<Faults>,
  changes: readonly [at: number, state: string][],
  tokens: number[] = [0],
): Lapse {
  const told = changes.map(([at, state]): LinkChange => ({ at, channelName: null, state }));
  return lapseOf({
    channelName: null,
    changes: [{ at: 0, channelName: null, state: 'CONNECTED' }, ...told],
    deliveries: tokens.map((at) => ({ channelName: null, at, expiresAt: at + HOUR })),
    faults: new FaultSchedule({ ...CALM, ...faults }),
    from: 0,
    to: 2 * HOUR,
  });
}

describe('the account of lost time', () => {
  it('a login that stands loses none', () => {
    expect(lapse({}, [], [0, HOUR / 2])).toEqual(NOTHING);
  });

  it('a lapse without a reason is avoidable', () => {
    expect(
      lapse({}, [
        [HOUR, 'FAILED'],
        [HOUR + 500, 'CONNECTED'],
      ]),
    ).toEqual({ ...NOTHING, avoidable: 500 });
  });

  it('without a network nothing is avoidable, and then the SDK takes its time', () => {
    const cuts = [{ from: 1_000, to: 9_000, kind: 'silent' as const }];
    const changes: [number, string][] = [
      [9_000, 'DISCONNECTED'],
      [11_000, 'CONNECTING'],
      [11_500, 'CONNECTED'],
    ];
    expect(lapse({ cuts }, changes)).toEqual({ ...NOTHING, noLink: 8_000, sdk: 2_500 });
  });

  it('sleep counts as no network, whatever the SDK believes', () => {
    expect(lapse({ sleeps: [{ from: 1_000, to: 61_000 }] }, [])).toEqual({ ...NOTHING, noLink: 60_000 });
  });

  it('a token that lapses during an outage is excused until its end, and then for the time to react', () => {
    const outages = [{ from: HOUR - 1_000, to: HOUR + 60_000, kind: 'refused' as const }];
    const changes: [number, string][] = [
      [HOUR, 'FAILED'],
      [HOUR + 90_000, 'CONNECTED'],
    ];
    expect(lapse({ outages }, changes)).toEqual({ ...NOTHING, noToken: 60_000, recovering: 30_000 });
  });

  it('whoever never comes back has only the time to react', () => {
    const outages = [{ from: HOUR - 1_000, to: HOUR + 60_000, kind: 'refused' as const }];
    const rest = HOUR - 60_000 - REACTION_MS;
    expect(lapse({ outages }, [[HOUR, 'FAILED']])).toEqual({
      ...NOTHING,
      noToken: 60_000,
      recovering: REACTION_MS,
      avoidable: rest,
    });
  });

  it('a token that lapsed before the outage is no excuse, nor is one that is still good', () => {
    const outages = [{ from: HOUR + 1_000, to: HOUR + 60_000, kind: 'refused' as const }];
    const lapsed = lapse({ outages }, [[HOUR, 'FAILED']]);
    expect(lapsed).toEqual({ ...NOTHING, avoidable: HOUR });
    const good = lapse({ outages }, [[HOUR + 2_000, 'FAILED']], [0, HOUR - 1_000]);
    expect(good.noToken).toBe(0);
  });

  it('a token server that is back for less than the time to react was not back', () => {
    const outages = [
      { from: HOUR - 1_000, to: HOUR + 60_000, kind: 'refused' as const },
      { from: HOUR + 90_000, to: HOUR + 120_000, kind: 'refused' as const },
    ];
    const changes: [number, string][] = [
      [HOUR, 'FAILED'],
      [HOUR + 125_000, 'CONNECTED'],
    ];
    expect(lapse({ outages }, changes)).toEqual({ ...NOTHING, noToken: 90_000, recovering: 35_000 });
  });

  it('what was avoidable once stays so, but while there is no network', () => {
    const outages = [{ from: HOUR + 1_000, to: HOUR + 2_000, kind: 'refused' as const }];
    const cuts = [{ from: HOUR + 3_000, to: HOUR + 5_000, kind: 'offline' as const }];
    const changes: [number, string][] = [
      [HOUR, 'FAILED'],
      [HOUR + 6_000, 'CONNECTED'],
    ];
    expect(lapse({ outages, cuts }, changes)).toEqual({ ...NOTHING, noLink: 2_000, avoidable: 4_000 });
  });

  it('with a fresh token at its beginning, an outage costs what it is longer than a life, but for the time offline', () => {
    const outages = [
      { from: 0, to: HOUR / 2, kind: 'refused' as const },
      { from: HOUR, to: 2.5 * HOUR, kind: 'refused' as const },
    ];
    const cuts = [{ from: 2.25 * HOUR, to: 3 * HOUR, kind: 'silent' as const }];
    expect(leastWithoutToken(new FaultSchedule({ ...CALM, outages }), HOUR)).toBe(HOUR / 2);
    expect(leastWithoutToken(new FaultSchedule({ ...CALM, outages, cuts }), HOUR)).toBe(HOUR / 4);
  });

  it('a channel is excused by the lapse of the login’s token', () => {
    const outages = [{ from: HOUR - 1_000, to: HOUR + 60_000, kind: 'refused' as const }];
    const change = (at: number, state: string): LinkChange[] =>
      [null, 'stage'].map((channelName) => ({ at, channelName, state }));
    const channel = lapseOf({
      channelName: 'stage',
      changes: [...change(0, 'CONNECTED'), ...change(HOUR, 'FAILED'), ...change(HOUR + 60_000, 'CONNECTED')],
      deliveries: [
        { channelName: null, at: 0, expiresAt: HOUR },
        { channelName: 'stage', at: HOUR / 2, expiresAt: 1.5 * HOUR },
      ],
      faults: new FaultSchedule({ ...CALM, outages }),
      from: 0,
      to: 2 * HOUR,
    });
    expect(channel).toEqual({ ...NOTHING, noToken: 60_000 });
  });
});
