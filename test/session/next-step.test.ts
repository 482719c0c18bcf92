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
import { isUsable, nextStep } from '../../src/session/wanted/next-step.js';
import type { Hold, ItemOptions, Known, WantedItem } from '../../src/session/wanted/wanted-item.js';

const users = fc.subarray(['', 'bob', 'carol', 'dave']);
const optionsOf = (kind: ItemKind): fc.Arbitrary<ItemOptions> =>
  kind === HEARING
    ? users.map(hearing)
    : fc
        .constantFrom<object | undefined>(undefined, { withPresence: false, meta: 'x' })
        .map((value) => itemOptions(kind, value));
const knownOf = (kind: ItemKind): fc.Arbitrary<Known> =>
  fc.oneof(
    fc.constant<Known>({ is: 'absent' }),
    fc.constant<Known>({ is: 'unknown' }),
    fc.option(optionsOf(kind)).map((options): Known => ({ is: 'present', options })),
  );

/** An item of any kind in any state, in a queue whose channel is in any state. */
const situation = fc.constantFrom(SUBSCRIPTION, CHANNEL, TOPIC, HEARING).chain((kind) =>
  fc
    .record({
      want: fc.option(optionsOf(kind)),
      known: knownOf(kind),
      may: fc.array(optionsOf(kind), { maxLength: 2 }),
      undoFirst: fc.boolean(),
      failed: fc.boolean(),
      missed: users,
      channelWanted: fc.boolean(),
      channelKnown: knownOf(CHANNEL),
      connecting: fc.boolean(),
    })
    .map((given) => {
      const queue = new ChannelQueue('stage', kind !== SUBSCRIPTION);
      const item = queue.item(kind, kind.inChannel ? 'talk' : '');
      if (kind.inChannel) {
        const channel = queue.item(CHANNEL);
        if (given.channelWanted) channel.want = wanted(itemOptions(CHANNEL, undefined));
        channel.known = given.channelKnown;
      }
      if (given.connecting) queue.connectingUntilMs = 1_000;
      item.want = given.want && wanted(given.want);
      item.known = given.known;
      item.may = given.may;
      item.undoFirst = given.undoFirst;
      item.hold = given.failed ? failed('It failed.') : null;
      for (const user of given.missed) item.missed.add(user);
      return { item, queue };
    }),
);

function failed(message: string): Hold {
  const error = new SessionError('CHANNEL_FAILED', message);
  return { is: 'failed', untilMs: Number.POSITIVE_INFINITY, retriesAt: null, error };
}

function wanted(options: ItemOptions): NonNullable<WantedItem['want']> {
  return { options, waiters: new Set(), met: false };
}

const holds = (rule: (item: WantedItem, queue: ChannelQueue) => void): void =>
  fc.assert(
    fc.property(situation, ({ item, queue }) => rule(item, queue)),
    { numRuns: 2_000 },
  );

describe('the next step of an item, whatever its state,', () => {
  it('sets only what is wanted and has not failed', () => {
    holds((item) => {
      if (nextStep(item).do !== 'set') return;
      expect(item.want).not.toBeNull();
      expect(item.failed).toBe(false);
    });
  });

  it('calls nothing of a topic while its channel cannot be used', () => {
    holds((item, queue) => {
      if (item.kind.inChannel && !isUsable(queue)) expect(['set', 'unset']).not.toContain(nextStep(item).do);
    });
  });

  it('is to forget exactly what is not wanted and not there', () => {
    holds((item, queue) => {
      const gone = item.known.is === 'absent' || (item.kind.inChannel && queue.head?.known.is === 'absent');
      expect(nextStep(item).do === 'forget').toBe(item.want === null && gone);
    });
  });

  it('is to meet only what is known to be there', () => {
    holds((item) => {
      if (nextStep(item).do !== 'meet') return;
      expect(item.known.is).toBe('present');
      expect(item.want).not.toBeNull();
    });
  });

  it('never leaves what is unknown alone where it can be called', () => {
    holds((item, queue) => {
      const callable = !item.kind.inChannel || isUsable(queue);
      if (item.known.is !== 'unknown' || !callable || item.failed) return;
      expect(['set', 'unset']).toContain(nextStep(item).do);
    });
  });

  it('asks for no user of a topic who is heard or missed, and gives up none who is wanted, but with whomever the SDK chose', () => {
    holds((item) => {
      const step = nextStep(item);
      if (item.kind !== HEARING || !item.want || item.known.is !== 'present' || !item.known.options) return;
      const [want, have] = [usersOf(item.want.options), usersOf(item.known.options)];
      if (step.do === 'set')
        for (const user of usersOf(step.options)) expect([...have, ...item.missed]).not.toContain(user);
      if (step.do === 'unset' && step.options)
        for (const user of usersOf(step.options)) expect(want).not.toContain(user);
      if (step.do === 'unset' && !step.options) expect(have.includes('') && !want.includes('')).toBe(true);
    });
  });

  it('ends: done as it says, an item comes to rest within few steps', () => {
    holds((item, queue) => {
      if (item.kind.inChannel && !isUsable(queue)) return;
      for (let count = 0; count < 8; count += 1) {
        const step = nextStep(item);
        if (step.do !== 'set' && step.do !== 'unset') return;
        carryOut(item, step);
      }
      expect.unreachable('It does not come to rest.');
    });
  });
});

/** What an SDK that works does. */
function carryOut(item: WantedItem, step: { do: 'set' | 'unset'; options: ItemOptions | null }): void {
  item.undoFirst = false;
  item.may = [];
  const heard =
    item.known.is === 'present' && item.known.options && item.kind === HEARING ? usersOf(item.known.options) : [];
  if (step.do === 'set' && step.options) {
    const options = item.kind === HEARING ? hearing([...heard, ...usersOf(step.options)]) : step.options;
    item.known = { is: 'present', options };
    return;
  }
  const { options } = step;
  const left = options ? heard.filter((user) => !usersOf(options).includes(user)) : [];
  item.known = left.length > 0 ? { is: 'present', options: hearing(left) } : { is: 'absent' };
}
