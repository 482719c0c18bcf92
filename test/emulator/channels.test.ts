import { describe, expect, it } from 'vitest';
import { codeOf, World } from './world.js';

describe('a message channel', () => {
  it('carries messages to all subscribers but the one who publishes', async () => {
    const world = new World();
    const alice = await world.loggedIn('alice');
    const bob = await world.loggedIn('bob');
    await alice.client.subscribe('lobby');
    expect(await bob.client.subscribe('lobby')).toEqual({ timestamp: 0, channelName: 'lobby' });
    await bob.client.publish('lobby', 'hi', { customType: 'greeting' });
    await world.clock.advance(0);
    expect(alice.events('message')).toEqual([
      {
        channelType: 'MESSAGE',
        channelName: 'lobby',
        topicName: '',
        messageType: 'STRING',
        customType: 'greeting',
        message: 'hi',
        publisher: 'bob',
        publishTime: world.clock.now(),
        timestamp: world.clock.now(),
      },
    ]);
    expect(bob.events('message')).toEqual([]);
  });

  it('may be published to without being subscribed to, and heard of without its messages', async () => {
    const world = new World();
    const alice = await world.loggedIn('alice');
    const bob = await world.loggedIn('bob');
    await alice.client.subscribe('lobby', { withMessage: false });
    await bob.client.publish('lobby', 'hi');
    await world.clock.advance(0);
    expect(alice.events('message')).toEqual([]);
    expect(alice.events('presence')).toMatchObject([{ eventType: 'SNAPSHOT' }]);
  });

  it('tells who is there and who comes and goes, but for the quiet', async () => {
    const world = new World();
    const [alice, bob, carol] = await Promise.all(['alice', 'bob', 'carol'].map((user) => world.loggedIn(user)));
    if (!alice || !bob || !carol) throw new Error('Three users were expected.');
    await alice.client.subscribe('lobby');
    await bob.client.subscribe('lobby', { withPresence: false });
    await carol.client.subscribe('lobby', { beQuiet: true });
    await alice.client.presence.setState('lobby', 'MESSAGE', { mood: 'well' });
    await bob.client.unsubscribe('lobby');
    await world.clock.advance(0);
    expect(alice.events('presence').map(({ eventType, publisher }) => `${eventType} ${publisher}`)).toEqual([
      'SNAPSHOT alice',
      'REMOTE_JOIN bob',
      'REMOTE_LEAVE bob',
    ]);
    expect(bob.events('presence')).toEqual([]);
    expect(carol.events('presence').map(({ eventType }) => eventType)).toEqual([
      'SNAPSHOT',
      'REMOTE_STATE_CHANGED',
      'REMOTE_LEAVE',
    ]);
    const online = await alice.client.presence.getOnlineUsers('lobby', 'MESSAGE', { includedState: true });
    expect(online).toMatchObject({ totalOccupancy: 1, occupants: [{ userId: 'alice', states: { mood: 'well' } }] });
    expect(await bob.client.presence.getUserChannels('alice')).toMatchObject({
      channels: [{ channelName: 'lobby', channelType: 'MESSAGE' }],
      totalChannel: 1,
    });
    expect((await alice.client.presence.getUserChannels('')).channels).toEqual([
      { channelName: 'lobby', channelType: 'MESSAGE' },
    ]);
    await alice.client.presence.removeState('lobby', 'MESSAGE', { states: ['mood'] });
    expect(await bob.client.presence.getState('alice', 'lobby', 'MESSAGE')).toMatchObject({
      states: {},
      statesCount: 0,
    });
  });

  it('keeps what names make of objects apart', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) await client.subscribe(name);
    expect(world.user('alice')?.subscriptions).toEqual(['constructor', 'toString', 'hasOwnProperty']);
  });

  it('is a user’s own when the channel type is USER, as long as the user is there', async () => {
    const world = new World();
    const alice = await world.loggedIn('alice');
    const bob = await world.loggedIn('bob');
    await bob.client.publish('alice', 'psst', { channelType: 'USER' });
    await world.clock.advance(0);
    expect(alice.events('message')).toMatchObject([{ channelType: 'USER', channelName: 'alice', publisher: 'bob' }]);
    expect(await codeOf(bob.client.publish('nobody', 'psst', { channelType: 'USER' }))).toBe(-11033);
  });

  it('has Agora’s limits', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    const codes = [
      client.subscribe('_lobby'),
      client.subscribe('a.b'),
      client.subscribe('x'.repeat(65)),
      client.publish('lobby', 'x'.repeat(32_769)),
      client.publish('lobby', 5 as never),
      client.publish('lobby', 'x', { customType: 'x'.repeat(33) }),
      client.publish('lobby', 'x', { channelType: 'STREAM' }),
    ].map(codeOf);
    expect(await Promise.all(codes)).toEqual([-10008, -10008, -10008, -11010, -11009, -11029, -10019]);
    await client.publish('lobby', 'x'.repeat(32_768));
    await world.clock.advance(1000);
    for (let index = 0; index < 50; index += 1) {
      if (index % 20 === 0) await world.clock.advance(1000);
      await client.subscribe(`channel ${index}`);
    }
    expect(await codeOf(client.subscribe('one more'))).toBe(-11005);
  });

  it('cannot be subscribed to more than twice in 5 s', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    await client.subscribe('lobby');
    await client.subscribe('lobby', { withPresence: false });
    expect(await codeOf(client.subscribe('lobby'))).toBe(-11020);
    await world.clock.advance(5000);
    expect(await codeOf(client.subscribe('lobby'))).toBe('resolved');
  });

  it('can be made to refuse', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    world.emulator.failNext('subscribe', -11021);
    expect(await codeOf(client.subscribe('lobby'))).toBe(-11021);
    expect(world.user('alice')?.subscriptions).toEqual([]);
  });

  it('is forgotten at logout, but brought back quietly by a login after FAILED, whose failures stay hidden', async () => {
    const world = new World();
    const { client, linkEvents } = await world.loggedIn('alice');
    await client.subscribe('lobby');
    await client.subscribe('hall');
    world.emulator.kick('alice');
    await world.clock.advance(6000);
    world.emulator.failNext('subscribe', -11021);
    await client.login({ token: world.rtmToken('alice') });
    expect(world.user('alice')?.subscriptions).toEqual(['hall']);
    expect(linkEvents.at(-1)).toMatchObject({ currentState: 'CONNECTED', unrestoredChannels: [], isResumed: false });
    await client.logout();
    await client.login({ token: world.rtmToken('alice') });
    expect(world.user('alice')?.subscriptions).toEqual([]);
  });
});

describe('what the emulator lacks', () => {
  it('is refused as not supported, and never pretended', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    const calls = [
      client.storage.getUserMetadata(),
      client.storage.setChannelMetadata('lobby', 'MESSAGE', []),
      client.lock.acquireLock('lobby', 'MESSAGE', 'lock'),
      client.storage.updateUserMetadata([]),
    ];
    expect(await Promise.all(calls.map(codeOf))).toEqual([-10022, -10022, -10022, -10022]);
  });
});

describe('temporary states', () => {
  it('that are set ahead of a channel wait for its being subscribed to, and nobody hears of them before', async () => {
    const world = new World();
    const alice = await world.loggedIn('alice');
    const bob = await world.loggedIn('bob');
    await bob.client.subscribe('lobby');
    await alice.client.presence.setState('lobby', 'MESSAGE', { mood: 'well' });
    await world.clock.advance(0);
    expect(bob.events('presence').map(({ eventType }) => eventType)).toEqual(['SNAPSHOT']);
    await alice.client.subscribe('lobby');
    const online = await bob.client.presence.getOnlineUsers('lobby', 'MESSAGE', { includedState: true });
    expect(online.occupants.find(({ userId }) => userId === 'alice')?.states).toEqual({ mood: 'well' });
    await alice.client.logout();
    await alice.client.login({ token: world.rtmToken('alice') });
    expect(await alice.client.presence.getState('alice', 'lobby', 'MESSAGE')).toMatchObject({ states: {} });
  });

  it('that are set without a link are sent once there is one', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    expect(await codeOf(world.client('bob').client.presence.setState('lobby', 'MESSAGE', { a: '1' }))).toBe(-10025);
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(10_000);
    expect(await client.presence.setState('lobby', 'MESSAGE', { mood: 'patient' })).toEqual({ timestamp: 0 });
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(5000);
    expect(await client.presence.getState('alice', 'lobby', 'MESSAGE')).toMatchObject({ states: { mood: 'patient' } });
  });
});

describe('thousands of sessions', () => {
  it('cost no timer but that of their token, and leave nothing behind', async () => {
    const world = new World();
    const count = 2000;
    const users = Array.from({ length: count }, (_, index) => `user ${index}`);
    const sdk = world.page();
    const clients = await Promise.all(
      users.map(async (userId) => {
        const client = new sdk.RTM(world.emulator.appId, userId);
        await client.login({ token: world.rtmToken(userId, 86_400) });
        await client.subscribe(userId);
        return client;
      }),
    );
    await world.clock.advance(0);
    expect(world.clock.pending).toBe(count);
    await Promise.all(clients.map((client) => client.logout()));
    expect(world.clock.pending).toBe(0);
    expect(world.emulator.inspect().users).toEqual([]);
    expect(() => new sdk.RTM(world.emulator.appId, 'user 0')).not.toThrow();
  });
});
