import { describe, expect, it } from 'vitest';
import { codeOf, type Recorded, World } from './world.js';

/** `CONNECTING 7`: each state of the login with the whole seconds since a moment. */
function timeline({ linkEvents }: Recorded, since: number): string[] {
  return linkEvents
    .filter(({ serviceType }) => serviceType === 'MESSAGE')
    .map(({ currentState, reasonCode, timestamp }) => `${(timestamp - since) / 1000} ${currentState} ${reasonCode}`);
}

describe('without a network from the beginning', () => {
  it('a login goes through the times of the SDK, and stays pending', async () => {
    const world = new World();
    world.emulator.setNetwork('alice', false);
    const alice = world.client('alice');
    const start = world.clock.now();
    let settled = false;
    const login = codeOf(alice.client.login({ token: world.rtmToken('alice') })).finally(() => {
      settled = true;
    });
    await world.clock.advance(200_000);
    expect(settled).toBe(false);
    expect(timeline(alice, start)).toEqual([
      '0 CONNECTING LOGIN',
      '5 DISCONNECTED LOGIN_TIMEOUT',
      '7 CONNECTING AUTO_RECONNECT',
      '12 DISCONNECTED LOGIN_TIMEOUT',
      '16 CONNECTING AUTO_RECONNECT',
      '21 DISCONNECTED LOGIN_TIMEOUT',
      '29 CONNECTING AUTO_RECONNECT',
      '34 DISCONNECTED LOGIN_TIMEOUT',
      '50 CONNECTING AUTO_RECONNECT',
      '55 DISCONNECTED LOGIN_TIMEOUT',
      '87 CONNECTING AUTO_RECONNECT',
      '92 DISCONNECTED LOGIN_TIMEOUT',
      '124 CONNECTING AUTO_RECONNECT',
      '129 SUSPENDED RECONNECT_TIMEOUT',
      '159 CONNECTING AUTO_RECONNECT',
      '164 SUSPENDED RECONNECT_TIMEOUT',
      '194 CONNECTING AUTO_RECONNECT',
      '199 SUSPENDED RECONNECT_TIMEOUT',
    ]);
    await alice.client.logout();
    expect(await login).toBe(-10023);
    expect(world.clock.pending).toBe(0);
  });

  it('the pending login succeeds once the network is there', async () => {
    const world = new World();
    world.emulator.setNetwork('alice', false);
    const alice = world.client('alice');
    const login = alice.client.login({ token: world.rtmToken('alice') });
    await world.clock.advance(8000);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(2000);
    await login;
    expect(alice.links.slice(2)).toEqual([
      'MESSAGE DISCONNECTED>CONNECTING AUTO_RECONNECT/AUTO_RECONNECT',
      'MESSAGE CONNECTING>DISCONNECTED NETWORK_CHANGE/NETWORK_CHANGE',
      'MESSAGE DISCONNECTED>CONNECTING AUTO_RECONNECT/AUTO_RECONNECT',
      'MESSAGE CONNECTING>CONNECTED RECONNECTED/RECONNECT_SUCCESS',
    ]);
    expect(alice.linkEvents.at(-1)?.isResumed).toBe(false);
  });

  it('a login while DISCONNECTED or SUSPENDED tries at once and cancels the pending one', async () => {
    const world = new World();
    world.emulator.setNetwork('alice', false);
    const { client, links } = world.client('alice');
    for (const waitMs of [6000, 140_000]) {
      const first = codeOf(client.login({ token: world.rtmToken('alice') }));
      await world.clock.advance(waitMs);
      const second = codeOf(client.login({ token: world.rtmToken('alice') }));
      expect(await first).toBe(-10023);
      expect(links.at(-1)).toMatch(/>CONNECTING LOGIN\/RELOGIN$/);
      await client.logout();
      expect(await second).toBe(-10023);
    }
  });

  it('a login with a bad token while DISCONNECTED fails without an attempt', async () => {
    const world = new World();
    world.emulator.setNetwork('alice', false);
    const { client, links } = world.client('alice');
    void client.login({ token: world.rtmToken('alice') });
    await world.clock.advance(6000);
    expect(await codeOf(client.login({ token: 'x' }))).toBe(-10005);
    expect(links.at(-1)).toBe('MESSAGE DISCONNECTED>FAILED LOGIN/INVALID_TOKEN');
    expect(world.clock.pending).toBe(0);
  });
});

describe('a link that is lost', () => {
  it('is noticed 10 s after the last answer to a heartbeat, and resumed with all that belongs to it', async () => {
    const world = new World();
    const alice = await world.loggedIn('alice');
    await alice.client.subscribe('lobby');
    await alice.client.createStreamChannel('stage').join({ token: world.rtcToken('alice', 'stage') });
    const before = world.user('alice');
    await world.clock.advance(7000);
    alice.links.length = 0;
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(7999);
    expect(alice.links).toEqual([]);
    await world.clock.advance(1);
    expect(alice.links).toEqual([
      'MESSAGE CONNECTED>DISCONNECTED HEARTBEAT_TIMEOUT/KEEP_ALIVE_TIMEOUT',
      'STREAM stage CONNECTED>CONNECTING AUTO_RECONNECT/AUTO_RECONNECT',
    ]);
    expect(world.user('alice')?.attached).toBe(false);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(0);
    expect(alice.links.slice(2)).toEqual([
      'MESSAGE DISCONNECTED>CONNECTING AUTO_RECONNECT/AUTO_RECONNECT',
      'MESSAGE CONNECTING>CONNECTED RECONNECTED/RECONNECT_SUCCESS',
      'STREAM stage CONNECTING>CONNECTED RECONNECTED/RECONNECT_SUCCESS',
    ]);
    expect(alice.linkEvents.filter(({ isResumed }) => isResumed)).toHaveLength(2);
    expect(world.user('alice')).toEqual(before);
  });

  it('drops and is back 2 s later when the network was away too shortly to be missed', async () => {
    const world = new World();
    const { links } = await world.loggedIn('alice');
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(1000);
    world.emulator.setNetwork('alice', true);
    expect(links).toEqual(['MESSAGE CONNECTED>DISCONNECTED NETWORK_CHANGE/NETWORK_CHANGE']);
    await world.clock.advance(2000);
    expect(links.at(-1)).toBe('MESSAGE CONNECTING>CONNECTED RECONNECTED/RECONNECT_SUCCESS');
  });

  it.each([
    [false, []],
    [true, ['lobby']],
  ])('is not resumed after a suspension; restoring then (%s) is a choice', async (restoresSuspended, subscriptions) => {
    const world = new World({ restoresSuspended });
    const alice = await world.loggedIn('alice');
    await alice.client.subscribe('lobby');
    const stage = alice.client.createStreamChannel('stage');
    await stage.join({ token: world.rtcToken('alice', 'stage') });
    alice.links.length = 0;
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(150_000);
    expect(alice.links.at(-1)).toMatch(/SUSPENDED AUTO_RECONNECT\/RECONNECT_TIMEOUT$/);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(0);
    const connected = alice.linkEvents.filter(({ currentState }) => currentState === 'CONNECTED');
    expect(connected.find(({ operation }) => operation === 'RECONNECTED')?.isResumed).toBe(false);
    expect(world.user('alice')?.subscriptions).toEqual(subscriptions);
    const lost = 'STREAM stage CONNECTING>FAILED AUTO_RECONNECT/RECONNECT_TIMEOUT';
    expect(alice.links.includes(lost)).toBe(!restoresSuspended);
    expect(await codeOf(stage.join({ token: world.rtcToken('alice', 'stage') }))).toBe('resolved');
  });

  it.each([
    ['resumed', true, ['hall', 'lobby'], ['stage']],
    ['emptied', false, [], []],
    [{ lost: ['hall'] }, false, ['lobby'], ['stage']],
    [{ lost: ['stage', 'lobby'] }, false, ['hall'], []],
  ] as const)('comes back %o where that was ordered, once', async (returns, isResumed, subscriptions, stays) => {
    const world = new World();
    const alice = await world.loggedIn('alice');
    for (const name of ['hall', 'lobby']) await alice.client.subscribe(name);
    const stage = alice.client.createStreamChannel('stage');
    await stage.join({ token: world.rtcToken('alice', 'stage') });
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(10_000);
    world.emulator.setNetwork('alice', true, { returns });
    await world.clock.advance(10);
    const back = alice.linkEvents.find(({ operation, serviceType }) => {
      return operation === 'RECONNECTED' && serviceType === 'MESSAGE';
    });
    expect(back?.isResumed).toBe(isResumed);
    expect(world.user('alice')?.subscriptions).toEqual(subscriptions);
    expect(world.user('alice')?.streamChannels.map(({ channelName }) => channelName)).toEqual(stays);
    expect(alice.links.at(-1)).toMatch(
      stays.length > 0 ? /^STREAM .*RECONNECT_SUCCESS/ : /^MESSAGE .*RECONNECT_SUCCESS/,
    );
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(10_000);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(10);
    expect(alice.linkEvents.findLast(({ serviceType }) => serviceType === 'MESSAGE')?.isResumed).toBe(true);
  });

  it.each(['DISCONNECTED', 'CONNECTING', 'SUSPENDED'])(
    'keeps a subscription that is made while %s and sends it when it is back',
    async (state) => {
      const world = new World();
      const { client, linkEvents } = await world.loggedIn('alice');
      world.emulator.setNetwork('alice', false);
      await world.clock.until(() => linkEvents.at(-1)?.currentState === state);
      expect(await client.subscribe('lobby')).toEqual({ timestamp: 0, channelName: 'lobby' });
      await client.subscribe('hall');
      await client.subscribe('attic');
      await client.unsubscribe('attic');
      world.emulator.order('subscribe', { kind: 'refuse', code: -11021 }, { channelName: 'hall' });
      world.emulator.setNetwork('alice', true);
      await world.clock.advance(10_000);
      expect(world.user('alice')?.subscriptions).toEqual(['lobby']);
    },
  );

  it('keeps a subscription that is made while it logs in again after a failure', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    world.emulator.kick('alice');
    await world.clock.advance(0);
    expect(await codeOf(client.subscribe('hall'))).toBe(-10025);
    const login = client.login({ token: world.rtmToken('alice') });
    expect(await codeOf(client.subscribe('lobby'))).toBe('resolved');
    await login;
    await world.clock.advance(0);
    expect(world.user('alice')?.subscriptions).toEqual(['lobby']);
  });

  it('needs to have stood once for that', async () => {
    const world = new World();
    world.emulator.setNetwork('alice', false);
    const { client } = world.client('alice');
    void codeOf(client.login({ token: world.rtmToken('alice') }));
    expect(await codeOf(client.subscribe('lobby'))).toBe(-10025);
    await world.clock.advance(6000);
    expect(await codeOf(client.subscribe('lobby'))).toBe(-10025);
    await client.logout();
  });

  it('loses its session after the presence time-out, and others hear of it', async () => {
    const world = new World();
    const alice = world.client('alice', { presenceTimeout: 20 });
    const bob = await world.loggedIn('bob');
    await alice.client.login({ token: world.rtmToken('alice') });
    await bob.client.subscribe('lobby');
    await alice.client.subscribe('lobby');
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(40_000);
    expect(world.user('alice')).toBeUndefined();
    expect(bob.events('presence').at(-1)).toMatchObject({ eventType: 'REMOTE_TIMEOUT', publisher: 'alice' });
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(0);
    expect(alice.linkEvents.at(-1)).toMatchObject({ currentState: 'CONNECTED', isResumed: false });
  });

  it('fails calls: at once when it is known, else when it becomes known', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    world.emulator.setNetwork('alice', false);
    const early = codeOf(client.publish('lobby', 'x'));
    await world.clock.advance(10_000);
    expect(await early).toBe(-10025);
    expect(await codeOf(client.publish('lobby', 'x'))).toBe(-10025);
    expect(await codeOf(client.renewToken(world.rtmToken('alice', 900)))).toBe(-10025);
    await client.logout();
  });

  it('finds out on its return that another device has taken the login, or that it was kicked', async () => {
    const world = new World();
    const { links } = await world.loggedIn('alice');
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(15_000);
    world.emulator.kick('alice', 'KICKED_OUT_BY_SERVER');
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(5000);
    expect(links.at(-1)).toBe('MESSAGE CONNECTING>FAILED SERVER_REJECT/KICKED_OUT_BY_SERVER');
  });

  it('leaves no timer behind when the user logs out meanwhile, but for the service that waits', async () => {
    const world = new World();
    const { client, links } = await world.loggedIn('alice');
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(20_000);
    expect(await client.logout()).toEqual({ timestamp: 0 });
    expect(links.at(-1)).toMatch(/>IDLE LOGOUT\/LOGOUT$/);
    await world.clock.advance(300_000);
    expect(world.clock.pending).toBe(0);
    expect(world.emulator.inspect().users).toEqual([]);
  });

  it('leaves none at all once the emulator is closed, which serves the next login', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    await client.createStreamChannel('stage').join({ token: world.rtcToken('alice', 'stage') });
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(20_000);
    await client.logout();
    expect(world.clock.pending).toBeGreaterThan(0);
    world.emulator.close();
    expect([world.clock.pending, world.emulator.inspect().users]).toEqual([0, []]);
    world.emulator.setNetwork('alice', true);
    await client.login({ token: world.rtmToken('alice') });
    expect(world.emulator.inspect().users).toMatchObject([{ userId: 'alice' }]);
  });

  it('is not waited for by a logout for longer than 5 s', async () => {
    const world = new World();
    const { client } = await world.loggedIn('alice');
    world.emulator.setNetwork('alice', false);
    let settled = false;
    void client.logout().then(() => {
      settled = true;
    });
    await world.clock.advance(4900);
    expect(settled).toBe(false);
    await world.clock.advance(100);
    expect(settled).toBe(true);
  });
});
