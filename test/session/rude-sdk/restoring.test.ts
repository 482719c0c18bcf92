import type { CallFault } from 'agora-session/emulator';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { createWorld, type Observed, outcome, type World } from '../../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;

beforeEach(async () => {
  world = createWorld({ latencyMs: 100 });
  alice = world.session();
  await world.login(alice);
});

const during = async <T>(ms: number, work: Promise<T>): Promise<T> =>
  (await Promise.all([work, world.clock.advance(ms)]))[0];
const onServer = () => world.emulator.inspect().users[0];
const join = (name = 'stage') => during(2_000, alice.session.joinStreamChannel(name));
const struck = () => world.emulator.struck.calls;
const FOR_EVER = { times: Number.POSITIVE_INFINITY };
const FORBIDDEN: CallFault = { kind: 'refuse', code: -11038 };

describe('a subscription that is refused for good when it is restored', () => {
  beforeEach(async () => {
    await during(1_000, alice.session.subscribe('lobby'));
    world.emulator.order('subscribe', FORBIDDEN);
    world.emulator.kick('alice', 'CONNECTION_ERROR');
    await world.clock.advance(20_000);
  });

  it('is failed in the snapshot, with its error', () => {
    expect(alice.session.snapshot.subscriptions).toMatchObject([
      { channelName: 'lobby', state: 'failed', error: { code: 'CHANNEL_FAILED', cause: { code: -11038 } } },
    ]);
    expect(alice.told.restored).toMatchObject([{ results: [{ channelName: 'lobby', ok: false }] }]);
  });

  it('is asked for anew by the next subscribe()', async () => {
    expect(await during(2_000, outcome(alice.session.subscribe('lobby')))).toBe('done');
    expect(onServer()?.subscriptions).toEqual(['lobby']);
    expect(alice.session.snapshot.subscriptions).toEqual([{ channelName: 'lobby', state: 'subscribed' }]);
  });

  it('rejects the next subscribe() that is refused again', async () => {
    world.emulator.order('subscribe', FORBIDDEN);
    expect(await during(2_000, outcome(alice.session.subscribe('lobby')))).toMatchObject({ code: 'CHANNEL_FAILED' });
  });

  it('is asked for anew by the next recovery', async () => {
    world.emulator.kick('alice', 'CONNECTION_ERROR');
    await world.clock.advance(20_000);
    expect(onServer()?.subscriptions).toEqual(['lobby']);
  });
});

describe('while the link is down', () => {
  it('subscribe() of what is subscribed to waits until it is there again', async () => {
    await during(1_000, alice.session.subscribe('lobby'));
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(30_000);
    const again = outcome(alice.session.subscribe('lobby'));
    await world.clock.advance(30_000);
    expect(await Promise.race([again, 'pending'])).toBe('pending');
    world.emulator.setNetwork('alice', true);
    expect(await during(60_000, again)).toBe('done');
    expect(onServer()?.subscriptions).toEqual(['lobby']);
  });

  it('leaveTopic() resolves at once, and the topic is not restored', async () => {
    const stage = await join();
    await during(1_000, stage.joinTopic('talk'));
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(30_000);
    expect(await during(100, outcome(stage.leaveTopic('talk')))).toBe('done');
    world.emulator.setNetwork('alice', true, { returns: 'emptied' });
    await world.clock.advance(60_000);
    expect(onServer()?.streamChannels).toMatchObject([{ channelName: 'stage', topics: [] }]);
  });
});

describe('in a recovery', () => {
  it('leaveTopic() resolves, since there is nothing to leave', async () => {
    const stage = await join();
    await during(1_000, stage.joinTopic('talk'));
    world.emulator.order('login', { kind: 'slow', ms: 3_000 });
    world.emulator.kick('alice', 'CONNECTION_ERROR');
    await world.clock.advance(1_500);
    expect(alice.session.state.status).toBe('recovering');
    expect(await during(500, outcome(stage.leaveTopic('talk')))).toBe('done');
    await world.clock.advance(30_000);
    expect(onServer()?.streamChannels).toMatchObject([{ channelName: 'stage', topics: [] }]);
    expect(struck().leaveTopic).toBeUndefined();
  });
});

describe('a topic that is refused for good', () => {
  it('when it is restored is asked for a few times a day', async () => {
    const stage = await join();
    await during(1_000, stage.joinTopic('talk'));
    world.emulator.order('joinTopic', { kind: 'refuse', code: -11014 }, FOR_EVER);
    world.emulator.failStream('alice', 'stage', 'CONNECTION_ERROR');
    await world.clock.advance(86_400_000);
    expect(stage.state).toEqual({ status: 'joined' });
    expect(struck().joinTopic?.refuse).toBeLessThan(10);
  }, 60_000);

  it('when the app joins it is asked for once', async () => {
    const stage = await join();
    world.emulator.order('joinTopic', { kind: 'refuse', code: -11014 }, FOR_EVER);
    expect(await during(2_000, outcome(stage.joinTopic('talk')))).toMatchObject({ code: 'CHANNEL_FAILED' });
    await world.clock.advance(3_600_000);
    expect(struck().joinTopic).toEqual({ refuse: 1 });
  });
});
