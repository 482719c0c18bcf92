import type { SignalingClient } from 'agora-session';
import type { CallFault } from 'agora-session/emulator';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { createWorld, type Observed, outcome, type World } from '../../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;

beforeEach(async () => {
  world = createWorld();
  alice = world.session();
  await world.login(alice);
});

const during = async <T>(ms: number, work: Promise<T>): Promise<T> =>
  (await Promise.all([work, world.clock.advance(ms)]))[0];
const onServer = () => world.emulator.inspect().users[0];
const stays = () => onServer()?.streamChannels ?? [];
const refuse = (code: number): CallFault => ({ kind: 'refuse', code });

/** How many listeners a client has. */
function listenersOf(client: SignalingClient): () => number {
  let count = 0;
  const { addEventListener, removeEventListener } = client;
  Object.assign(client, {
    addEventListener(...args: Parameters<typeof addEventListener>) {
      count += 1;
      return addEventListener.apply(client, args);
    },
    removeEventListener(...args: Parameters<typeof removeEventListener>) {
      count -= 1;
      return removeEventListener.apply(client, args);
    },
  });
  return () => count;
}

const RUDE: [string, CallFault][] = [
  ['throws', { kind: 'throw' }],
  ['throws an error of its own', { kind: 'throw', code: -10017 }],
  ['gives no promise', { kind: 'odd', value: 'noPromise' }],
  ['rejects with nothing', { kind: 'odd', value: 'rejectsUndefined' }],
  ['rejects with a text', { kind: 'odd', value: 'rejectsString' }],
  ['never settles', { kind: 'hang' }],
];

describe('logout()', () => {
  it.each(RUDE)("leaves no listener and no timer behind where the SDK's leave() %s", async (_what, fault) => {
    await during(100, alice.session.logout());
    const listeners = listenersOf(alice.session.rtm);
    await world.login(alice);
    const stage = await during(2_000, alice.session.joinStreamChannel('stage'));
    world.emulator.order('leave', fault, { times: Number.POSITIVE_INFINITY });
    const leaving = outcome(stage.leave());
    const logout = outcome(alice.session.logout());
    await world.clock.advance(6_000);
    expect(await Promise.all([leaving, logout])).toEqual(['done', 'done']);
    expect([alice.session.state.status, listeners(), world.clock.pending]).toEqual(['idle', 0, 0]);
  });

  it.each(RUDE)("resolves and leaves no listener behind where the SDK's logout() %s", async (_what, fault) => {
    await during(100, alice.session.logout());
    const listeners = listenersOf(alice.session.rtm);
    await world.login(alice);
    world.emulator.order('logout', fault);
    expect(await during(6_000, outcome(alice.session.logout()))).toBe('done');
    expect([alice.session.state.status, listeners()]).toEqual(['idle', 0]);
  });
});

describe('an undo that the SDK refuses', () => {
  it('of a subscription is over for the app, and repeated until the server has it', async () => {
    await during(1_000, alice.session.subscribe('lobby'));
    world.emulator.order('unsubscribe', refuse(-11006), { times: 5 });
    expect(await during(1_000, outcome(alice.session.unsubscribe('lobby')))).toBe('done');
    expect(onServer()?.subscriptions).toEqual(['lobby']);
    await world.clock.advance(120_000);
    expect(onServer()?.subscriptions).toEqual([]);
    expect(world.emulator.struck.calls.unsubscribe).toEqual({ refuse: 5 });
  });

  it('of a stay in a stream channel is over for the app, and repeated until the server has it', async () => {
    const stage = await during(2_000, alice.session.joinStreamChannel('stage'));
    world.emulator.order('leave', refuse(-11006), { times: 5 });
    expect(await during(1_000, outcome(stage.leave()))).toBe('done');
    expect(stays()).toHaveLength(1);
    await world.clock.advance(120_000);
    expect(stays()).toEqual([]);
    expect(stage.state).toEqual({ status: 'left' });
  });

  it('of a topic is over for the app, and repeated until the server has it', async () => {
    const stage = await during(2_000, alice.session.joinStreamChannel('stage'));
    await during(1_000, stage.joinTopic('talk'));
    world.emulator.order('leaveTopic', refuse(-11015), { times: 3 });
    expect(await during(1_000, outcome(stage.leaveTopic('talk')))).toBe('done');
    await world.clock.advance(60_000);
    expect(stays()).toMatchObject([{ topics: [] }]);
  });

  it('is not repeated once the SDK says that there is nothing to undo', async () => {
    await during(1_000, alice.session.subscribe('lobby'));
    world.emulator.order('unsubscribe', refuse(-11002), { times: Number.POSITIVE_INFINITY });
    await during(1_000, alice.session.unsubscribe('lobby'));
    await world.clock.advance(3_600_000);
    expect(world.emulator.struck.calls.unsubscribe).toEqual({ refuse: 1 });
  });

  it('is not repeated once the app wants the thing again', async () => {
    await during(1_000, alice.session.subscribe('lobby'));
    world.emulator.order('unsubscribe', refuse(-11006), { times: 1 });
    await during(10, alice.session.unsubscribe('lobby'));
    await during(60_000, alice.session.subscribe('lobby'));
    expect(onServer()?.subscriptions).toEqual(['lobby']);
    expect(world.emulator.struck.calls.unsubscribe).toEqual({ refuse: 1 });
  });
});

describe('a subscription that is wanted again', () => {
  const SLOW: [string, CallFault][] = [
    ['travels for 3 s', { kind: 'slow', ms: 3_000 }],
    ['takes effect only after 12 s', { kind: 'lateEffect', ms: 12_000, answers: true }],
    ['takes effect only after 12 s and does not answer', { kind: 'lateEffect', ms: 12_000, answers: false }],
    ['is answered after 20 s', { kind: 'late', ms: 20_000 }],
    ['is never answered', { kind: 'lost' }],
  ];

  it.each(SLOW)('while its unsubscribe %s stands in the end', async (_what, fault) => {
    await during(1_000, alice.session.subscribe('lobby'));
    world.emulator.order('unsubscribe', fault);
    void alice.session.unsubscribe('lobby');
    await world.clock.advance(500);
    const again = outcome(alice.session.subscribe('lobby'));
    await world.clock.advance(120_000);
    expect(await again).toBe('done');
    expect(onServer()?.subscriptions).toEqual(['lobby']);
    expect(alice.session.snapshot.subscriptions).toEqual([{ channelName: 'lobby', state: 'subscribed' }]);
  });
});
