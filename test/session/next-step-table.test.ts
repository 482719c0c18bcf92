import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SessionError } from '../../src/session/state/session-error.js';
import { ChannelQueue } from '../../src/session/wanted/channel-queue.js';
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
import { isUsable, type NextStep, nextStep } from '../../src/session/wanted/next-step.js';
import {
  ABSENT,
  type Hold,
  type WantedItem as Item,
  type ItemOptions,
  UNKNOWN,
} from '../../src/session/wanted/wanted-item.js';

const KINDS: readonly ItemKind[] = [SUBSCRIPTION, CHANNEL, TOPIC, HEARING];

/** Where an item's channel stands. */
interface ChannelIs {
  readonly wanted: boolean;
  readonly known: 'absent' | 'present' | 'unknown';
  readonly connecting: boolean;
}

const channelIs: fc.Arbitrary<ChannelIs> = fc.record({
  wanted: fc.boolean(),
  known: fc.constantFrom('absent' as const, 'present' as const, 'unknown' as const),
  connecting: fc.boolean(),
});
const USABLE: ChannelIs = { wanted: true, known: 'present', connecting: false };

/** Two options of a kind that are not the same. */
const optionsOf = (kind: ItemKind): readonly [ItemOptions, ItemOptions] =>
  kind === HEARING
    ? [hearing(['bob']), hearing(['carol'])]
    : [itemOptions(kind, undefined), itemOptions(kind, { withPresence: false, meta: 'x' })];

function failed(message: string): Hold {
  const error = new SessionError('CHANNEL_FAILED', message);
  return { is: 'failed', untilMs: Number.POSITIVE_INFINITY, retriesAt: null, error };
}

function want(options: ItemOptions): NonNullable<Item['want']> {
  return { options, waiters: new Set(), met: false };
}

function itemOf(kind: ItemKind, channel: ChannelIs = USABLE): { item: Item; queue: ChannelQueue } {
  const queue = new ChannelQueue('stage', kind !== SUBSCRIPTION);
  const item = queue.item(kind, kind.inChannel ? 'talk' : '');
  if (kind.inChannel) {
    const stage = queue.item(CHANNEL);
    if (channel.wanted) stage.want = want(itemOptions(CHANNEL, undefined));
    stage.known = channel.known === 'present' ? { is: 'present', options: null } : { is: channel.known };
  }
  if (channel.connecting) queue.connectingUntilMs = 1_000;
  return { item, queue };
}

const eachKind = (rule: (kind: ItemKind, first: ItemOptions, other: ItemOptions, channel: ChannelIs) => void): void =>
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), channelIs, (kind, channel) => rule(kind, ...optionsOf(kind), channel)),
    {
      numRuns: 500,
    },
  );

describe('an item that is wanted', () => {
  it('and is there as wanted is met, wherever its channel stands', () => {
    eachKind((kind, options, _other, channel) => {
      const { item } = itemOf(kind, channel);
      item.want = want(options);
      item.known = { is: 'present', options };
      expect(nextStep(item)).toEqual({ do: 'meet' });
    });
  });

  it('and is there otherwise is never met', () => {
    eachKind((kind, options, other, channel) => {
      const { item } = itemOf(kind, channel);
      item.want = want(options);
      item.known = { is: 'present', options: other };
      expect(nextStep(item).do).not.toBe('meet');
    });
  });

  it('and is not there is set with just these options where it can be', () => {
    eachKind((kind, options, _other, channel) => {
      const { item, queue } = itemOf(kind, channel);
      item.want = want(options);
      item.known = ABSENT;
      const callable = !kind.inChannel || isUsable(queue);
      const due: NextStep = callable ? { do: 'set', options } : { do: 'nothing' };
      expect(nextStep(item)).toEqual(due);
    });
  });

  it('has its options applied by the same call where the SDK takes them, and otherwise is undone first', () => {
    for (const kind of [SUBSCRIPTION, CHANNEL, TOPIC]) {
      const [options, other] = optionsOf(kind);
      const { item } = itemOf(kind);
      item.want = want(options);
      item.known = { is: 'present', options: other };
      const again = kind === SUBSCRIPTION;
      expect(nextStep(item)).toEqual(again ? { do: 'set', options } : { do: 'unset', options: null });
    }
  });

  it('and is not known is set, but undone first where nobody knows what the SDK is at', () => {
    eachKind((kind, options) => {
      const { item } = itemOf(kind);
      item.want = want(options);
      item.known = UNKNOWN;
      expect(nextStep(item)).toEqual({ do: 'set', options });
      item.undoFirst = true;
      expect(nextStep(item)).toEqual({ do: 'unset', options: null });
    });
  });

  it('and is not known is undone first in a channel where a lost call may have left it otherwise', () => {
    eachKind((kind, options, other) => {
      const { item } = itemOf(kind);
      item.want = want(options);
      item.known = UNKNOWN;
      item.may = [options];
      expect(nextStep(item).do).toBe('set');
      item.may = [options, other];
      expect(nextStep(item).do).toBe(kind.inChannel ? 'unset' : 'set');
    });
  });

  it('and is known to be absent is set at once, whatever the SDK was at before', () => {
    eachKind((kind, options, other) => {
      const { item } = itemOf(kind);
      Object.assign(item, { want: want(options), known: ABSENT, undoFirst: true, may: [other] });
      expect(nextStep(item)).toEqual({ do: 'set', options });
    });
  });

  it('and is there with options that nobody knows is subscribed to once more, and else taken as it is', () => {
    for (const kind of KINDS) {
      const [options] = optionsOf(kind);
      const { item } = itemOf(kind);
      item.want = want(options);
      item.known = { is: 'present', options: null };
      expect(nextStep(item)).toEqual(kind === SUBSCRIPTION ? { do: 'set', options } : { do: 'meet' });
    }
  });

  it('and was given up is left alone', () => {
    eachKind((kind, options, other, channel) => {
      for (const known of [ABSENT, UNKNOWN, { is: 'present', options: other }] as const) {
        const { item } = itemOf(kind, channel);
        item.want = want(options);
        item.known = known;
        item.hold = failed('It was refused.');
        expect(nextStep(item)).toEqual({ do: 'nothing' });
      }
    });
  });
});

describe('an item that is not wanted', () => {
  it('is undone where it may be there and can be, and owed where it cannot', () => {
    eachKind((kind, options, _other, channel) => {
      for (const known of [UNKNOWN, { is: 'present', options }] as const) {
        const { item, queue } = itemOf(kind, channel);
        item.known = known;
        const gone = kind.inChannel && channel.known === 'absent';
        const callable = !kind.inChannel || isUsable(queue);
        expect(nextStep(item).do).toBe(gone ? 'forget' : callable ? 'unset' : 'owe');
      }
    });
  });

  it('is undone whole, whatever is known of its options', () => {
    eachKind((kind, options) => {
      const { item } = itemOf(kind);
      item.known = { is: 'present', options };
      expect(nextStep(item)).toEqual({ do: 'unset', options: null });
    });
  });
});

describe('users of a topic', () => {
  const { item } = itemOf(HEARING);

  it('who are no longer wanted are given up by name, ahead of those who are to be heard', () => {
    item.want = want(hearing(['bob', 'erin']));
    item.known = { is: 'present', options: hearing(['bob', 'carol', 'dave']) };
    expect(nextStep(item)).toEqual({ do: 'unset', options: hearing(['carol', 'dave']) });
    item.known = { is: 'present', options: hearing(['bob']) };
    expect(nextStep(item)).toEqual({ do: 'set', options: hearing(['erin']) });
  });

  it('are given up first where a lost call may have left one who is not wanted, and not where it has left fewer', () => {
    item.want = want(hearing(['bob', 'carol']));
    item.known = UNKNOWN;
    item.may = [hearing(['bob'])];
    expect(nextStep(item).do).toBe('set');
    item.may = [hearing(['bob', 'dave'])];
    expect(nextStep(item).do).toBe('unset');
  });
});

describe('a channel', () => {
  it('can be used by its topics only while it is wanted, joined, and its link stands', () => {
    expect(isUsable(new ChannelQueue('stage', true))).toBe(false);
    fc.assert(
      fc.property(channelIs, (channel) => {
        const usable = channel.wanted && channel.known === 'present' && !channel.connecting;
        expect(isUsable(itemOf(TOPIC, channel).queue)).toBe(usable);
      }),
    );
  });
});

describe('whomever the SDK chooses in a topic', () => {
  const { item } = itemOf(HEARING);

  it('is asked for alone, and users by name after that', () => {
    item.want = want(hearing(['', 'bob']));
    item.known = ABSENT;
    expect(nextStep(item)).toEqual({ do: 'set', options: hearing(['']) });
    item.known = { is: 'present', options: hearing(['']) };
    expect(nextStep(item)).toEqual({ do: 'set', options: hearing(['bob']) });
    item.known = { is: 'present', options: hearing(['', 'bob']) };
    expect(nextStep(item)).toEqual({ do: 'meet' });
  });

  it('can only be given up with all others, who are asked for again', () => {
    item.want = want(hearing(['bob']));
    item.known = { is: 'present', options: hearing(['', 'bob']) };
    expect(nextStep(item)).toEqual({ do: 'unset', options: null });
  });

  it('and users by name who are missed leave a subscription as wanted as it can be', () => {
    fc.assert(
      fc.property(fc.subarray(['', 'bob', 'carol']), (missed) => {
        item.want = want(hearing(['', 'bob', 'carol']));
        item.known = { is: 'present', options: hearing(['', 'bob', 'carol'].filter((user) => !missed.includes(user))) };
        item.missed.clear();
        for (const user of missed) item.missed.add(user);
        expect(nextStep(item)).toEqual({ do: 'meet' });
        for (const user of missed) {
          item.missed.delete(user);
          const step = nextStep(item);
          expect(step.do === 'set' && usersOf(step.options)).toEqual([user]);
          item.missed.add(user);
        }
      }),
    );
  });
});
