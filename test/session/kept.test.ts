import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, type Observed, outcome, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;

beforeEach(async () => {
  world = createWorld({ limits: { joinedStreamChannels: 100 } });
  alice = world.session('alice');
  await world.login(alice);
});

const join = async (name = 'stage', observed = alice) => {
  const [handle] = await Promise.all([observed.session.joinStreamChannel(name), world.clock.advance(2_000)]);
  return handle;
};
const during = async <T>(ms: number, work: Promise<T>): Promise<T> =>
  (await Promise.all([work, world.clock.advance(ms)]))[0];
const stays = (userId = 'alice') =>
  world.emulator.inspect().users.find((user) => user.userId === userId)?.streamChannels ?? [];

describe('a channel that was left', () => {
  it('while a call waited for the link is not joined again', async () => {
    const stage = await join();
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(40_000);
    const call = outcome(stage.joinTopic('talk'));
    await during(100, stage.leave());
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(60_000);
    expect(await call).toMatchObject({ name: 'SessionError' });
    expect(stage.state).toEqual({ status: 'left' });
    expect(stays()).toEqual([]);
  });

  it('while it was being joined again stays left', async () => {
    const stage = await join();
    alice.session.on('channel', ({ state }) => state.status === 'rejoining' && void stage.leave());
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(10_000);
    expect(alice.told.channel?.map(({ state }) => state.status)).toEqual(['joining', 'joined', 'rejoining', 'left']);
    expect(stays()).toEqual([]);
  });

  it('by an old handle, after the app had joined anew, leaves the new one alone', async () => {
    const old = await join();
    world.server.fault = () => new Response(null, { status: 403 });
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(5_000);
    expect(old.state.status).toBe('failed');
    world.server.fault = null;
    const fresh = await join();
    await during(5_000, old.leave());
    expect(fresh.state).toEqual({ status: 'joined' });
    expect(stays()).toHaveLength(1);
  });

  it.each([
    ['while it is joined anew', true],
    ['after that was denied, too', false],
  ])('by the handle of a channel that was given up, %s', async (_when, isGood) => {
    const stage = await join();
    world.server.fault = () => new Response(null, { status: 403 });
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(5_000);
    expect(stage.state.status).toBe('failed');
    if (isGood) world.server.fault = null;
    const again = outcome(alice.session.joinStreamChannel('stage'));
    if (!isGood) expect(await during(5_000, again)).toMatchObject({ code: 'TOKEN_DENIED' });
    await during(5_000, stage.leave());
    expect(stage.state).toEqual({ status: 'left' });
    if (isGood) expect(await again).toMatchObject({ code: 'ABORTED' });
    expect(alice.session.snapshot).toMatchObject({ channels: [], tokens: [{ target: { kind: 'signaling' } }] });
    world.server.fault = null;
    await world.clock.advance(60_000);
    expect(stays()).toEqual([]);
  });

  it('with the link down is left when it is back', async () => {
    const stage = await join();
    await during(2_000, alice.session.subscribe('lobby'));
    world.emulator.setNetwork('alice', false);
    void stage.leave();
    void alice.session.unsubscribe('lobby');
    await world.clock.advance(30_000);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(60_000);
    expect(world.emulator.inspect().users).toMatchObject([{ subscriptions: [], streamChannels: [] }]);
  });
});

describe('what is pending', () => {
  it.each<[string, (handle: { leave(): Promise<void> }) => unknown]>([
    ['logout()', () => alice.session.logout()],
    ['leave()', (handle) => handle.leave()],
  ])('on a channel whose token does not come settles with %s', async (_what, end) => {
    const stage = await join();
    world.server.fault = () => new Promise(() => {});
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(1_000);
    const call = outcome(stage.joinTopic('talk'));
    await world.clock.advance(1_000);
    void end(stage);
    await world.clock.advance(60_000);
    expect(await Promise.race([call, Promise.resolve('pending')])).toMatchObject({ name: 'SessionError' });
  });

  it('of renewTokens() settles when one of its channels is left', async () => {
    const stage = await join();
    let answer: () => void = () => {};
    world.server.fault = () =>
      new Promise((resolve) => {
        answer = () => resolve(new Response(null, { status: 503 }));
      });
    const renewal = outcome(alice.session.renewTokens());
    await world.clock.advance(10);
    void stage.leave();
    world.server.fault = null;
    answer();
    await world.clock.advance(30_000);
    expect(await Promise.race([renewal, Promise.resolve('pending')])).not.toBe('pending');
  });
});

describe('topics', () => {
  it('that fail once while they are restored are tried again', async () => {
    const stage = await join();
    await during(2_000, stage.joinTopic('talk'));
    const original = stage.channel.joinTopic.bind(stage.channel);
    let failures = 1;
    stage.channel.joinTopic = (...args) =>
      failures-- > 0 ? Promise.reject(Object.assign(new Error('x'), { code: -11015 })) : original(...args);
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(60_000);
    expect(stays()).toMatchObject([{ topics: ['talk'] }]);
  });

  it('are joined again when the channel fails just after they were', async () => {
    const stage = await join();
    await during(2_000, stage.joinTopic('talk'));
    const original = stage.channel.joinTopic.bind(stage.channel);
    let failures = 1;
    stage.channel.joinTopic = async (...args) => {
      const response = await original(...args);
      if (failures-- > 0) world.emulator.expireToken('alice', 'stage');
      return response;
    };
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(60_000);
    expect(stage.state).toEqual({ status: 'joined' });
    expect(stays()).toMatchObject([{ topics: ['talk'] }]);
  });

  it('are heard again by who comes back before the one that is heard', async () => {
    const bob = world.session('bob');
    await world.login(bob);
    const [stage, other] = [await join(), await join('stage', bob)];
    await during(2_000, other.joinTopic('talk'));
    await during(2_000, stage.subscribeTopic('talk', { users: ['bob'] }));
    world.emulator.kick('bob', 'CONNECTION_ERROR');
    world.emulator.failNext('join', -11007, 1);
    world.emulator.kick('alice', 'TOKEN_EXPIRED');
    await world.clock.advance(120_000);
    expect(stays()).toMatchObject([{ subscribedTopics: [{ topicName: 'talk', users: ['bob'] }] }]);
  });

  it('are remembered for anybody and for users by name', async () => {
    const bob = world.session('bob');
    await world.login(bob);
    const [stage, other] = [await join(), await join('stage', bob)];
    await during(2_000, other.joinTopic('talk'));
    await during(2_000, stage.subscribeTopic('talk'));
    await during(2_000, stage.subscribeTopic('talk', { users: ['bob'] }));
    await during(2_000, stage.unsubscribeTopic('talk', { users: ['bob'] }));
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(60_000);
    expect(stays()).toMatchObject([{ subscribedTopics: [{ topicName: 'talk', users: ['bob'] }] }]);
  });
});

describe('many channels', () => {
  it('are renewed at a pace that the SDK bears, each with its token', async () => {
    const names = Array.from({ length: 40 }, (_, nth) => `c${nth}`);
    await during(10_000, Promise.all(names.map((name) => alice.session.joinStreamChannel(name))));
    const calls: number[] = [];
    const client = alice.session.rtm;
    const original = client.renewToken.bind(client);
    client.renewToken = (...args) => {
      calls.push(world.clock.now());
      return original(...args);
    };
    await during(10_000, alice.session.renewTokens());
    expect(calls).toHaveLength(41);
    for (const at of calls)
      expect(calls.filter((other) => other >= at && other < at + 1_000).length).toBeLessThanOrEqual(18);
    expect(alice.told.tokenRenewed).toHaveLength(41);
  });

  it('of which one has no token from a server of one token a request cost the login nothing', async () => {
    await join();
    world.server.tamper = (answer) => ({ ...answer, channels: {} });
    await world.clock.advance(4_000_000);
    expect(alice.states.map(({ status }) => status)).toEqual(['connecting', 'connected']);
    expect(alice.told.tokenRenewed?.some(({ target }) => target.kind === 'signaling')).toBe(true);
  });
});

describe('after failed', () => {
  it('login() brings everything back with one request, and says so', async () => {
    await join();
    world.emulator.kick('alice');
    await world.clock.advance(60_000);
    world.server.requests.length = 0;
    await world.login(alice);
    await world.clock.advance(3_000);
    expect(world.server.requests).toEqual([{ userId: 'alice', signaling: true, channels: ['stage'] }]);
    expect(alice.told.restored).toMatchObject([{ results: [{ kind: 'channel', ok: true }] }]);
    const [restored] = alice.told.restored ?? [];
    expect((restored?.gap.to ?? 0) - (restored?.gap.from ?? 0)).toBeGreaterThanOrEqual(60_000);
    expect(alice.told.tokenRenewed).toEqual([]);
  });

  it('renewTokens() of a channel that was denied joins it again', async () => {
    await join();
    world.server.fault = (body) => (body.channels.length > 0 ? new Response(null, { status: 403 }) : null);
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(5_000);
    expect(alice.session.snapshot.channels).toMatchObject([{ state: { status: 'failed' } }]);
    world.server.fault = null;
    await during(5_000, alice.session.renewTokens());
    expect(alice.session.snapshot.channels).toMatchObject([{ state: { status: 'joined' } }]);
  });
});
