import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SdkAnswer } from '../../src/session/sdk/call-sdk.js';
import { errorClass } from '../../src/session/sdk/reasons.js';
import { REMEDIES } from '../../src/session/sdk/remedies.js';
import type { ReasonClass } from '../../src/session/state/reason-class.js';
import { type Meaning, mayAfter, meaningOf, reasonOf, unlessTainted } from '../../src/session/wanted/answers.js';
import { ChannelQueue, type Flight, newFlight } from '../../src/session/wanted/channel-queue.js';
import {
  CHANNEL,
  HEARING,
  hearing,
  type ItemKind,
  itemOptions,
  SUBSCRIPTION,
  TOPIC,
  usersOf,
} from '../../src/session/wanted/item-kinds.js';
import { ABSENT, type Known } from '../../src/session/wanted/wanted-item.js';

type Refused = Extract<SdkAnswer<unknown>, { is: 'refused' }>;

const KINDS: readonly ItemKind[] = [SUBSCRIPTION, CHANNEL, TOPIC, HEARING];
const USERS = ['bob', 'carol', 'dave'];
/** Every code that the SDK documents is between these, and so are some that it does not have. */
const anyCode = fc.oneof(fc.integer({ min: -10_030, max: -10_001 }), fc.integer({ min: -11_040, max: -11_000 }));
const users = fc.subarray(USERS);
const classes = fc.option(fc.constantFrom(...(Object.keys(REMEDIES) as ReasonClass[])));

function refusal(code: number | null): Refused {
  return { is: 'refused', code, cause: { name: 'RtmError' } };
}

function flightOf(kind: ItemKind, op: Flight['op'], heard: readonly string[], asked: readonly string[]): Flight {
  const queue = new ChannelQueue('stage', kind !== SUBSCRIPTION);
  const item = queue.item(kind, kind.inChannel ? 'talk' : '');
  item.known = heard.length > 0 && kind === HEARING ? { is: 'present', options: hearing(heard) } : ABSENT;
  const options = kind === HEARING ? hearing(asked) : itemOptions(kind, undefined);
  return newFlight(item, { op, options, grant: null, startedMs: 0 });
}

/** A call of any kind, with users who were heard and others who are asked for. */
const call = (kinds: readonly ItemKind[] = KINDS, ops: readonly Flight['op'][] = ['set', 'unset']) =>
  fc
    .record({
      kind: fc.constantFrom(...kinds),
      op: fc.constantFrom(...ops),
      heard: users,
      asked: fc.subarray(USERS, { minLength: 1 }),
      named: users,
      reported: classes,
    })
    .map(({ kind, op, heard, asked, named, reported }) => {
      const flight = flightOf(kind, op, heard, asked);
      for (const user of named) flight.named.add(user);
      if (kind === CHANNEL) flight.reported = reported;
      return flight;
    });

const heardAfter = (meaning: Meaning): string[] => {
  const known: Known = 'known' in meaning ? meaning.known : ABSENT;
  return known.is === 'present' && known.options ? usersOf(known.options) : [];
};

const rule = (
  flights: fc.Arbitrary<Flight>,
  holds: (flight: Flight, code: number, throttles: number) => void,
): void => {
  const property = fc.property(flights, anyCode, fc.nat(10), (flight, code, throttles) =>
    holds(flight, code, throttles),
  );
  fc.assert(property, { numRuns: 2_000 });
};

describe('what an answer means', () => {
  it('is that it is so only when the SDK has done it, or when a topic has nobody yet', () => {
    rule(call(), (flight, code) => {
      expect(meaningOf(flight, { is: 'ok', value: {} }, 0).is).toBe(flight.op === 'set' ? 'set' : 'undone');
      const { is } = meaningOf(flight, refusal(code), 0);
      if (is === 'set') expect([flight.item.kind, code]).toEqual([HEARING, -11017]);
      if (is === 'undone') expect(flight.op).toBe('unset');
    });
  });

  it('of an undo is never that it is final: what is there has to go', () => {
    rule(call(KINDS, ['unset']), (flight, code, throttles) => {
      const { is } = meaningOf(flight, refusal(code), throttles);
      expect(['undone', 'throttled', 'not-joined', 'failed']).toContain(is);
    });
  });

  it('of an undo is that there was nothing for the codes that say so, and for no other', () => {
    rule(call(KINDS, ['unset']), (flight, code, throttles) => {
      const nothing = [-11002, -11013, -11016].includes(code) || (flight.item.kind === CHANNEL && code === -11001);
      expect(meaningOf(flight, refusal(code), throttles).is === 'undone').toBe(nothing);
    });
  });

  it('is a refused token for joins alone', () => {
    rule(call(), (flight, code, throttles) => {
      if (meaningOf(flight, refusal(code), throttles).is !== 'token-refused') return;
      expect([flight.op, flight.item.kind]).toEqual(['set', CHANNEL]);
    });
  });

  it('is an unjoined channel for what is in one, and never for the channel itself', () => {
    rule(call(), (flight, _code, throttles) => {
      const { is } = meaningOf(flight, refusal(-11001), throttles);
      expect(is === 'not-joined').toBe(flight.item.kind.inChannel);
    });
  });

  it('is final where the table of remedies stops, by the code or by what the SDK said of the channel', () => {
    rule(call(KINDS, ['set']), (flight, code) => {
      const stops = [errorClass(code), ...(flight.reported ? [flight.reported] : [])].some((reason) =>
        flight.item.kind === CHANNEL ? REMEDIES[reason].channel.do === 'stop' : REMEDIES[reason].other === 'stop',
      );
      if (meaningOf(flight, refusal(code), 0).is === 'final') expect(stops).toBe(true);
      if (flight.reported === null && REMEDIES[errorClass(code)].other === 'stop') {
        expect(meaningOf(flight, refusal(code), 0).is).toBe('final');
      }
    });
  });

  it('is a pause that grows to 15 s for too many calls, and a failure at the fifth in a row', () => {
    for (const code of [-10021, -11020]) {
      rule(call(KINDS, ['set', 'unset']), (flight) => {
        const pauses = [0, 1, 2, 3].map((throttles) => {
          const meaning = meaningOf(flight, refusal(code), throttles);
          return meaning.is === 'throttled' ? meaning.pauseMs : Number.NaN;
        });
        expect(pauses[0]).toBe(code === -11020 ? 5_000 : 1_000);
        for (const [nth, pauseMs] of pauses.entries()) {
          expect(pauseMs).toBeGreaterThanOrEqual(pauses[nth - 1] ?? 0);
          expect(pauseMs).toBeLessThanOrEqual(15_000);
        }
        expect(meaningOf(flight, refusal(code), 4).is).toBe('failed');
      });
    }
  });

  it('is never anything to rely on where the SDK gave no code', () => {
    rule(call(), (flight, _code, throttles) => {
      if (flight.reported) return;
      for (const answer of [refusal(null), { is: 'none' } as const])
        expect(meaningOf(flight, answer, throttles)).toEqual({ is: 'failed' });
    });
  });
});

describe('a refusal', () => {
  const meaning = (kind: ItemKind, op: Flight['op'], code: number | null): Meaning =>
    meaningOf(flightOf(kind, op, ['bob'], ['carol']), refusal(code), 0);

  it.each<[string, number, ItemKind, Meaning]>([
    ['DUPLICATE_OPERATION', -10017, SUBSCRIPTION, { is: 'duplicate' }],
    ['DUPLICATE_OPERATION', -10017, CHANNEL, { is: 'duplicate' }],
    ['INVALID_TOKEN', -10005, CHANNEL, { is: 'token-refused' }],
    ['TOKEN_EXPIRED', -10009, CHANNEL, { is: 'token-refused' }],
    ['INVALID_TOKEN', -10005, SUBSCRIPTION, { is: 'failed' }],
    ['INVALID_TOKEN', -10005, TOPIC, { is: 'failed' }],
    ['CHANNEL_NOT_JOINED', -11001, TOPIC, { is: 'not-joined' }],
    ['CHANNEL_NOT_JOINED', -11001, CHANNEL, { is: 'failed' }],
    ['TOPIC_NOT_EXIST', -11017, TOPIC, { is: 'failed' }],
    ['INVALID_CHANNEL_NAME', -10008, SUBSCRIPTION, { is: 'final' }],
    ['INVALID_CHANNEL_NAME', -10008, CHANNEL, { is: 'final' }],
  ])('%s (%i) of $name', (_name, code, kind, expected) => {
    expect(meaning(kind, 'set', code)).toEqual(expected);
  });

  it('for want of the topic means that nobody is heard yet: not for an undo, nor for a topic to publish in', () => {
    expect(meaning(HEARING, 'set', -11017)).toEqual({
      is: 'set',
      known: { is: 'present', options: hearing(['bob']) },
      missed: ['carol'],
    });
    expect(meaning(HEARING, 'unset', -11017).is).not.toBe('set');
    expect(meaning(TOPIC, 'set', -11017).is).not.toBe('set');
  });

  it('without a code says nothing of what there was to undo', () => {
    for (const kind of KINDS) expect(meaning(kind, 'unset', null)).toEqual({ is: 'failed' });
  });

  it('of a join is for what the SDK said of the channel, unless its own code speaks of the token or of haste', () => {
    const flight = flightOf(CHANNEL, 'set', [], []);
    const because = (code: number | null): ReasonClass => reasonOf(flight, refusal(code));
    expect(because(-11003)).toBe(errorClass(-11003));
    flight.reported = 'kicked';
    expect(because(-11003)).toBe('kicked');
    expect(because(-10005)).toBe('token');
    expect(because(-10021)).toBe('throttled');
    expect(because(null)).toBe('kicked');
  });
});

describe('a call that succeeds', () => {
  const ok = { is: 'ok', value: {} } as const;

  it.each([SUBSCRIPTION, CHANNEL, TOPIC])('for $name makes it present with the options that were sent', (kind) => {
    const flight = flightOf(kind, 'set', [], []);
    const known: Known = { is: 'present', options: flight.options };
    expect(meaningOf(flight, ok, 0)).toEqual({ is: 'set', known, missed: [] });
    const undo = { ...flightOf(kind, 'unset', [], []), from: known };
    expect(meaningOf(undo, ok, 0)).toEqual({ is: 'undone', known: ABSENT });
  });

  it('and gives up some users leaves the others, but only where it did succeed', () => {
    const flight = flightOf(HEARING, 'unset', ['bob', 'carol'], ['carol']);
    expect(meaningOf(flight, ok, 0)).toEqual({ is: 'undone', known: { is: 'present', options: hearing(['bob']) } });
    expect(meaningOf(flight, refusal(-11013), 0)).toEqual({ is: 'undone', known: ABSENT });
  });

  it('and gives up all users leaves nobody, though they are not named', () => {
    const flight = { ...flightOf(HEARING, 'unset', ['bob'], []), options: null };
    expect(meaningOf(flight, ok, 0)).toEqual({ is: 'undone', known: ABSENT });
  });

  it('adds to nobody where it is not known who was heard', () => {
    const flight = { ...flightOf(HEARING, 'set', [], ['carol']), from: { is: 'present', options: null } as const };
    expect(meaningOf(flight, ok, 0)).toMatchObject({ known: { options: hearing(['carol']) } });
  });

  it('misses those alone whom the SDK failed for another reason than that they are heard', () => {
    const value = {
      failedUsers: ['bob', 'carol'],
      failedDetails: [
        { user: 'bob', errorCode: 20001 },
        { user: 'carol', errorCode: 20002 },
      ],
    };
    const flight = flightOf(HEARING, 'set', [], ['bob', 'carol', 'dave']);
    expect(meaningOf(flight, { is: 'ok', value }, 0)).toEqual({
      is: 'set',
      known: { is: 'present', options: hearing(['bob', 'dave']) },
      missed: ['carol'],
    });
  });
});

describe('users of a topic', () => {
  const hears = call([HEARING], ['set']);
  const asked = ({ options }: Flight): string[] => (options ? usersOf(options) : []);
  const heardBefore = ({ from }: Flight): string[] =>
    from.is === 'present' && from.options ? usersOf(from.options) : [];

  it('who are heard after a subscription are those from before and those whom the SDK got', () => {
    fc.assert(
      fc.property(hears, users, (flight, failedUsers) => {
        const meaning = meaningOf(flight, { is: 'ok', value: { failedUsers } }, 0);
        const got = asked(flight).filter((user) => !failedUsers.includes(user));
        expect(new Set(heardAfter(meaning))).toEqual(new Set([...heardBefore(flight), ...got]));
      }),
    );
  });

  it('who are missed are those whom the SDK did not get and whom no event has named since', () => {
    fc.assert(
      fc.property(hears, users, (flight, failedUsers) => {
        const meaning = meaningOf(flight, { is: 'ok', value: { failedUsers } }, 0);
        const missed = failedUsers.filter((user) => !flight.named.has(user));
        expect(meaning).toMatchObject({ is: 'set', missed });
      }),
    );
  });

  it('who were heard already are not missed, though the SDK lists them as failed', () => {
    fc.assert(
      fc.property(hears, users, (flight, failedUsers) => {
        const failedDetails = failedUsers.map((user) => ({ user, errorCode: 20001 }));
        const meaning = meaningOf(flight, { is: 'ok', value: { failedUsers, failedDetails } }, 0);
        expect(meaning).toMatchObject({ missed: [] });
        expect(new Set(heardAfter(meaning))).toEqual(new Set([...heardBefore(flight), ...asked(flight)]));
      }),
    );
  });

  it('who remain after giving some up are the others, and none when all were given up', () => {
    fc.assert(
      fc.property(call([HEARING], ['unset']), (flight) => {
        const left = heardBefore(flight).filter((user) => !asked(flight).includes(user));
        const meaning = meaningOf(flight, { is: 'ok', value: {} }, 0);
        expect(heardAfter(meaning)).toEqual(left);
        if (left.length === 0) expect(meaning).toMatchObject({ known: ABSENT });
      }),
    );
  });

  it.each([undefined, null, 'odd', 7, [], { failedUsers: 'bob' }, { failedUsers: [], failedDetails: 'bob' }])(
    'are believed heard after an answer that has no such shape: %j',
    (value) => {
      const flight = flightOf(HEARING, 'set', ['bob'], ['carol']);
      expect(meaningOf(flight, { is: 'ok', value }, 0)).toMatchObject({ is: 'set', missed: [] });
      expect(heardAfter(meaningOf(flight, { is: 'ok', value }, 0))).toEqual(['bob', 'carol']);
    },
  );
});

describe('what is known after an answer', () => {
  const present: Known = { is: 'present', options: itemOptions(TOPIC, undefined) };

  it('is nothing where something happened meanwhile that the answer cannot know of', () => {
    const flight = flightOf(TOPIC, 'set', [], []);
    expect(unlessTainted(flight, present)).toEqual(present);
    flight.tainted = true;
    for (const known of [present, ABSENT]) expect(unlessTainted(flight, known)).toEqual({ is: 'unknown' });
  });

  it('ends all doubt about options, unless nothing is known', () => {
    const may = [hearing(['bob']), hearing(['carol'])];
    expect(mayAfter(ABSENT, may)).toEqual([]);
    expect(mayAfter({ is: 'unknown' }, may)).toEqual(may);
    expect(mayAfter({ is: 'present', options: null }, may)).toEqual([]);
    expect(mayAfter(present, may)).toHaveLength(1);
  });
});
