import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, type Observed, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;

beforeEach(() => {
  world = createWorld();
  alice = world.session('alice');
});

const statuses = (): string[] => alice.states.map(({ status }) => status);

describe('the main job', () => {
  it('logs in with a fetched token', async () => {
    await world.login(alice);
    expect(alice.session.state).toEqual({ status: 'connected' });
    expect(statuses()).toEqual(['connecting', 'connected']);
    expect(world.emulator.inspect().users.map(({ userId }) => userId)).toEqual(['alice']);
    expect(world.server.requests).toEqual([{ userId: 'alice', signaling: true, channels: [] }]);
  });

  it('carries messages between two users', async () => {
    const bob = world.session('bob');
    await Promise.all([world.login(alice), world.login(bob)]);
    await Promise.all([alice.session.subscribe('lobby'), world.clock.advance(100)]);
    await Promise.all([bob.session.rtm.publish('lobby', 'hello'), world.clock.advance(100)]);
    expect(alice.told.message).toMatchObject([{ channelName: 'lobby', message: 'hello', publisher: 'bob' }]);
  });

  it('joins a stream channel with an RTC token and carries topic messages', async () => {
    const bob = world.session('bob');
    await Promise.all([world.login(alice), world.login(bob)]);
    const [[stage, other]] = await Promise.all([
      Promise.all([alice.session.joinStreamChannel('stage'), bob.session.joinStreamChannel('stage')]),
      world.clock.advance(1_000),
    ]);
    expect(stage.state).toEqual({ status: 'joined' });
    const talk = async (): Promise<void> => {
      await other.joinTopic('talk');
      await stage.subscribeTopic('talk', { users: ['bob'] });
      await other.publishTopicMessage('talk', 'hi');
    };
    await Promise.all([talk(), world.clock.advance(2_000)]);
    expect(alice.told.message).toMatchObject([{ channelType: 'STREAM', topicName: 'talk', message: 'hi' }]);
  });

  it('renews both tokens before they lapse, with one request, for days', async () => {
    await world.login(alice);
    await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(1_000)]);
    await world.clock.advance(3 * 86_400_000);
    expect(statuses()).toEqual(['connecting', 'connected']);
    expect(alice.told.tokenError).toEqual([]);
    expect(alice.told.tokenRenewed?.length).toBeGreaterThan(150);
    expect(world.server.requests.length).toBeLessThan(105);
    const [user] = world.emulator.inspect().users;
    expect(user?.streamChannels).toHaveLength(1);
  });

  it('logs in again after the token lapsed, and restores channels, subscriptions and topics', async () => {
    await world.login(alice);
    const setUp = async (): Promise<void> => {
      await alice.session.subscribe('lobby');
      const stage = await alice.session.joinStreamChannel('stage');
      await stage.joinTopic('talk');
      await stage.subscribeTopic('news', { users: ['bob'] });
    };
    await Promise.all([setUp(), world.clock.advance(3_000)]);
    world.emulator.expireToken('alice');
    await world.clock.advance(10_000);
    expect(statuses()).toEqual(['connecting', 'connected', 'recovering', 'connected']);
    expect(alice.states[2]).toEqual({ status: 'recovering', cause: 'expired', attempt: 1 });
    expect(alice.told.restored).toMatchObject([
      {
        cause: 'expired',
        results: [
          { kind: 'subscription', channelName: 'lobby', ok: true },
          { kind: 'channel', channelName: 'stage', ok: true },
          { kind: 'topic', topicName: 'talk', ok: true },
          { kind: 'topicSubscription', topicName: 'news', ok: true },
        ],
      },
    ]);
    expect(world.emulator.inspect().users).toMatchObject([
      { userId: 'alice', subscriptions: ['lobby'], streamChannels: [{ channelName: 'stage', topics: ['talk'] }] },
    ]);
  });

  it('joins a stream channel again whose token alone lapsed', async () => {
    await world.login(alice);
    await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(1_000)]);
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(5_000);
    expect(statuses()).toEqual(['connecting', 'connected']);
    expect(alice.told.channel?.map(({ state }) => state.status)).toEqual(['joining', 'joined', 'rejoining', 'joined']);
  });

  it('is told to stop by a login of the same user elsewhere, and does not fight it', async () => {
    await world.login(alice);
    const second = world.session('alice');
    await world.login(second);
    await world.clock.advance(600_000);
    expect(alice.session.state).toMatchObject({ status: 'failed', error: { code: 'DISPLACED' } });
    expect(second.session.state).toEqual({ status: 'connected' });
  });

  it('leaves nothing behind when it logs out', async () => {
    await world.login(alice);
    await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(1_000)]);
    await Promise.all([alice.session.logout(), world.clock.advance(1_000)]);
    expect(alice.session.state).toEqual({ status: 'idle' });
    expect(world.clock.pending).toBe(0);
    expect(world.emulator.inspect().users).toEqual([]);
  });
});
