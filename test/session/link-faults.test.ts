import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, type Observed, outcome, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

let world: World;
let alice: Observed;

beforeEach(() => {
  world = createWorld();
  alice = world.session('alice');
});

const FIRST_RENEWAL = 3_600_000 * 0.55;
const statuses = (): string[] => alice.states.map(({ status }) => status);
const join = async (...names: string[]): Promise<void> => {
  await Promise.all([
    Promise.all(names.map((name) => alice.session.joinStreamChannel(name))),
    world.clock.advance(2_000),
  ]);
};
const stays = (): string[] =>
  world.emulator.inspect().users.flatMap((user) => user.streamChannels.map(({ channelName }) => channelName));

describe('renewals and the link', () => {
  it('a renewal while DISCONNECTED is applied on CONNECTED', async () => {
    await world.login(alice);
    await world.clock.advance(FIRST_RENEWAL - 60_000);
    world.emulator.setNetwork('alice', false);
    await world.clock.advance(70_000);
    expect(world.server.requests).toHaveLength(2);
    expect(alice.told.tokenRenewed).toEqual([]);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(60_000);
    expect(alice.session.state.status).toBe('connected');
    expect(alice.told.tokenRenewed).toHaveLength(1);
  });

  it('renewToken rejecting with -10026 is repeated with the same token, and a repeat that the SDK swallows counts', async () => {
    await world.login(alice);
    world.emulator.failNext('renewToken', -10026);
    await world.clock.advance(FIRST_RENEWAL + 60_000);
    expect(alice.told.tokenError).toMatchObject([{ error: { code: 'RENEWAL_FAILED', cause: { code: -10026 } } }]);
    expect(alice.told.tokenRenewed).toHaveLength(1);
    expect(world.server.requests).toHaveLength(2);
  });

  it('renewToken refusing the token brings another one', async () => {
    await world.login(alice);
    world.emulator.failNext('renewToken', -10005);
    await world.clock.advance(FIRST_RENEWAL + 5_000);
    expect(alice.told.tokenError).toMatchObject([{ error: { code: 'TOKEN_REJECTED' } }]);
    expect(alice.told.tokenRenewed).toMatchObject([{ cause: 'rejected' }]);
    expect(statuses()).toEqual(['connecting', 'connected']);
  });

  it('an expiry while offline ends in a login with a fresh token when the network is back', async () => {
    world.server.lifeSeconds = 120;
    await world.login(alice);
    world.emulator.setNetwork('alice', false);
    world.server.fault = () => Promise.reject(new TypeError('offline'));
    await world.clock.advance(600_000);
    expect(alice.session.state.status).toBe('reconnecting');
    world.emulator.setNetwork('alice', true);
    world.server.fault = null;
    await world.clock.advance(60_000);
    expect(alice.session.state.status).toBe('connected');
  });

  it('SUSPENDED for long, then back: everything is restored, and told with the gap', async () => {
    await world.login(alice);
    await Promise.all([alice.session.subscribe('lobby'), world.clock.advance(1_000)]);
    await join('stage');
    world.emulator.setNetwork('alice', false);
    const cutAt = world.clock.now();
    await world.clock.advance(1_200_000);
    expect(alice.told.linkState?.at(-1)).toMatchObject({ currentState: expect.stringMatching(/SUSPENDED|CONNECTING/) });
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(60_000);
    expect(alice.session.state.status).toBe('connected');
    const [restored] = alice.told.restored ?? [];
    expect(restored?.cause).toBe('not-resumed');
    expect(restored?.results.every(({ ok }) => ok)).toBe(true);
    expect(restored?.gap.from).toBeLessThan(cutAt + 20_000);
    expect(stays()).toEqual(['stage']);
  });

  it('FAILED while a renewal is on its way: one request, one login', async () => {
    await world.login(alice);
    let answer: (() => void) | undefined;
    world.server.fault = () => {
      world.server.fault = null;
      return new Promise((resolve) => {
        answer = () => resolve(new Response('', { status: 500 }));
      });
    };
    await world.clock.advance(FIRST_RENEWAL + 1);
    world.emulator.expireToken('alice');
    await world.clock.advance(100);
    expect(world.server.requests).toHaveLength(2);
    answer?.();
    await world.clock.advance(5_000);
    expect(alice.session.state.status).toBe('connected');
    expect(world.server.mostInFlight).toBe(1);
  });
});

describe("the SDK's own words", () => {
  /** A session whose client's listeners are in hand, to say what the emulator does not. */
  async function withListeners() {
    const sdk = world.emulator.openPage();
    const client = new sdk.RTM(alice.session.appId, 'alice');
    const listeners = new Map<string, (event: never) => void>();
    const { addEventListener } = client;
    client.addEventListener = (name, listener) => {
      listeners.set(name, listener as (event: never) => void);
      addEventListener.call(client, name, listener);
    };
    alice = world.session('alice', { client });
    await world.login(alice);
    return (name: string, event: unknown): void => listeners.get(name)?.(event as never);
  }
  const token = (eventType: string): unknown => ({
    eventType,
    reason: '',
    affectedResources: { messageChannels: ['lobby'] },
    timestamp: 0,
  });

  it('READ_PERMISSION_REVOKED is told to the app and renews nothing', async () => {
    const say = await withListeners();
    say('token', token('READ_PERMISSION_REVOKED'));
    await world.clock.advance(1_000);
    expect(alice.told.token).toMatchObject([{ eventType: 'READ_PERMISSION_REVOKED' }]);
    expect(world.server.requests).toHaveLength(1);
  });

  it('both warnings of one expiry make one renewal', async () => {
    const say = await withListeners();
    say('tokenPrivilegeWillExpire', '');
    say('token', token('WILL_EXPIRE'));
    await world.clock.advance(1_000);
    expect(alice.told.tokenRenewed).toMatchObject([{ cause: 'will-expire' }]);
    expect(world.server.requests).toHaveLength(2);
  });

  it("a warning for a channel that is not joined is nobody's", async () => {
    const say = await withListeners();
    say('tokenPrivilegeWillExpire', 'constructor');
    await world.clock.advance(1_000);
    expect(world.server.requests).toHaveLength(1);
  });

  it('a reason code that nobody knows, with the text "Ticket expired", is an expiry', async () => {
    const say = await withListeners();
    await world.clock.advance(60_000);
    const event = {
      currentState: 'FAILED',
      previousState: 'CONNECTED',
      serviceType: 'MESSAGE',
      operation: 'SERVER_REJECT',
      reason: 'Ticket expired',
      reasonCode: 'BRAND_NEW',
      affectedChannels: [],
      unrestoredChannels: [],
      isResumed: false,
      timestamp: 0,
    };
    say('linkState', event);
    await world.clock.advance(10_000);
    expect(alice.states[2]).toEqual({ status: 'recovering', cause: 'expired', attempt: 1 });
    expect(alice.session.state.status).toBe('connected');
    expect(world.server.requests).toHaveLength(2);
  });
});

describe('FAILED', () => {
  it.each([
    ['LOGIN_TIMEOUT', 'link-failed'],
    ['RECONNECT_TIMEOUT', 'link-failed'],
    ['CONNECTION_ERROR', 'link-failed'],
    ['UNKNOWN', 'link-failed'],
    ['LOGIN_TOO_FREQUENT', 'link-failed'],
    ['TOKEN_EXPIRED', 'expired'],
    ['INVALID_TOKEN', 'rejected'],
  ])('with %s logs in again', async (reasonCode, cause) => {
    await world.login(alice);
    await Promise.all([alice.session.subscribe('lobby'), world.clock.advance(1_000)]);
    await world.clock.advance(60_000);
    world.emulator.kick('alice', reasonCode);
    await world.clock.advance(30_000);
    expect(alice.states[2]).toEqual({ status: 'recovering', cause, attempt: 1 });
    expect(alice.session.state.status).toBe('connected');
    expect(alice.told.restored).toMatchObject([{ cause, results: [{ kind: 'subscription', ok: true }] }]);
  });

  it.each([
    ['SAME_UID_LOGIN', 'DISPLACED'],
    ['KICKED_OUT_BY_SERVER', 'KICKED'],
    ['INCONSISTENT_APP_ID', 'CONFIGURATION'],
    ['LOGIN_NOT_AUTHORIZED', 'CONFIGURATION'],
    ['LOGIN_REJECTED', 'CONFIGURATION'],
  ])('with %s stops the session: %s', async (reasonCode, code) => {
    await world.login(alice);
    world.emulator.kick('alice', reasonCode);
    await world.clock.advance(600_000);
    expect(alice.session.state).toMatchObject({ status: 'failed', error: { code } });
    expect(world.server.requests).toHaveLength(1);
    expect(world.clock.pending).toBe(0);
  });

  it('of the login takes its stream channels along: they have no trouble of their own', async () => {
    await world.login(alice);
    await join('stage');
    const second = world.session('alice');
    await world.login(second);
    await world.clock.advance(60_000);
    expect(alice.session.state.status).toBe('failed');
    expect(alice.told.channel?.map(({ state }) => state.status)).toEqual(['joining', 'joined', 'rejoining']);
    expect(world.server.requests).toHaveLength(3);
  });

  it('and an SDK logout that never settles: logs in again after 5 s', async () => {
    const sdk = world.emulator.openPage();
    class Stuck extends sdk.RTM {}
    Stuck.prototype.logout = () => new Promise(() => {});
    alice = world.session('alice', { loadSdk: async () => ({ RTM: Stuck }) });
    await world.login(alice);
    await world.clock.advance(60_000);
    world.emulator.expireToken('alice');
    await world.clock.advance(4_999);
    expect(alice.session.state.status).toBe('recovering');
    await world.clock.advance(1_001);
    expect(alice.session.state.status).toBe('connected');
  });

  it('in a row counts up to maxRelogins', async () => {
    alice = world.session('alice', { maxRelogins: 3 });
    await world.login(alice);
    world.emulator.failNext('login', -10011, 100);
    world.emulator.kick('alice', 'CONNECTION_ERROR');
    await world.clock.advance(120_000);
    expect(alice.session.state).toMatchObject({ status: 'failed', error: { code: 'LOGIN_FAILED' } });
  });

  it('during a login for a passing reason is repeated until it works', async () => {
    world.emulator.failNext('login', -10011, 2);
    await world.login(alice);
    expect(statuses()).toEqual(['connecting', 'connected']);
  });

  it('during a login for a token reason brings one fresh token, and a second refusal stops it', async () => {
    world.emulator.failNext('login', -10005, 1);
    await world.login(alice);
    expect(world.server.requests).toHaveLength(2);
    await Promise.all([alice.session.logout(), world.clock.advance(10)]);
    world.emulator.failNext('login', -10005, 2);
    const login = outcome(alice.session.login());
    await world.clock.advance(20_000);
    expect(await login).toMatchObject({ code: 'TOKEN_REJECTED', cause: { code: expect.anything() } });
    expect(alice.session.state).toMatchObject({ status: 'failed', error: { code: 'TOKEN_REJECTED' } });
  });

  it('after failed, login() starts over and restores what was wanted', async () => {
    await world.login(alice);
    await Promise.all([alice.session.subscribe('lobby'), world.clock.advance(1_000)]);
    await join('stage');
    world.emulator.kick('alice');
    await world.clock.advance(1_000);
    expect(alice.session.state.status).toBe('failed');
    await world.login(alice);
    await world.clock.advance(3_000);
    expect(world.emulator.inspect().users).toMatchObject([
      { subscriptions: ['lobby'], streamChannels: [{ channelName: 'stage' }] },
    ]);
  });
});

describe('stream channels', () => {
  it('STREAM FAILED alone leaves the login alone', async () => {
    await world.login(alice);
    await join('stage', 'vault');
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(5_000);
    expect(statuses()).toEqual(['connecting', 'connected']);
    expect(
      alice.told.channel?.filter(({ channelName }) => channelName === 'vault').map(({ state }) => state.status),
    ).toEqual(['joining', 'joined']);
    expect(stays().sort()).toEqual(['stage', 'vault']);
  });

  it('a join refused once for its token is made with a fresh one', async () => {
    await world.login(alice);
    world.emulator.failNext('join', -10005, 1);
    await join('stage');
    expect(stays()).toEqual(['stage']);
    expect(world.server.requests).toHaveLength(3);
  });

  it('a join refused for ever for its token fails that channel', async () => {
    await world.login(alice);
    world.emulator.failNext('join', -10005, 100);
    const joined = outcome(alice.session.joinStreamChannel('stage'));
    await world.clock.advance(60_000);
    expect(await joined).toMatchObject({ code: 'TOKEN_REJECTED' });
    expect(alice.session.state.status).toBe('connected');
    expect(alice.session.snapshot.channels).toEqual([]);
    expect(alice.session.snapshot.tokens).toHaveLength(1);
  });

  it('a join refused for ever for another reason fails that channel', async () => {
    await world.login(alice);
    world.emulator.failNext('join', -11007, 100);
    const joined = outcome(alice.session.joinStreamChannel('stage'));
    await world.clock.advance(120_000);
    expect(await joined).toMatchObject({ code: 'CHANNEL_FAILED', cause: { code: -11007 } });
  });

  it('a rejoin refused for long works when it is let in again', async () => {
    await world.login(alice);
    await join('stage');
    world.emulator.failNext('join', -11007, 8);
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(600_000);
    expect(stays()).toEqual(['stage']);
  });

  it('one of three denied at a renewal: the others are renewed, and it fails when its token lapses', async () => {
    await world.login(alice);
    await join('a', 'b', 'c');
    world.server.tamper = (answer) => {
      const channels = {
        ...answer.channels,
        ...(answer.channels?.b ? { b: { error: { code: 'FORBIDDEN', message: '' } } } : {}),
      };
      return { ...answer, channels };
    };
    await world.clock.advance(4_000_000);
    expect(statuses()).toEqual(['connecting', 'connected']);
    expect(stays().sort()).toEqual(['a', 'c']);
    expect(alice.told.channel?.at(-1)).toMatchObject({
      channelName: 'b',
      state: { status: 'failed', error: { code: 'TOKEN_DENIED' } },
    });
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('may be called %s', async (name) => {
    const accepted = !name.startsWith('_');
    await world.login(alice);
    const joined = outcome(alice.session.joinStreamChannel(name));
    await world.clock.advance(2_000);
    if (accepted) expect(await joined).toBe('done');
    else expect(await joined).toMatchObject({ code: 'INVALID_ARGUMENT' });
    expect(stays()).toEqual(accepted ? [name] : []);
  });
});

describe('the network', () => {
  it('flapping every 3 s for 10 minutes ends connected', async () => {
    await world.login(alice);
    await Promise.all([alice.session.subscribe('lobby'), world.clock.advance(1_000)]);
    for (let flap = 0; flap < 200; flap += 1) {
      world.emulator.setNetwork('alice', flap % 2 === 1);
      await world.clock.advance(3_000);
    }
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(60_000);
    expect(alice.session.state.status).toBe('connected');
    expect(world.emulator.inspect().users).toMatchObject([{ subscriptions: ['lobby'] }]);
    expect(world.server.requests.length).toBeLessThan(4);
  });

  it('two sessions of one user: exactly one survives, no ping-pong', async () => {
    const second = world.session('alice');
    await world.login(alice);
    await world.login(second);
    await world.clock.advance(3_600_000);
    expect([alice.session.state.status, second.session.state.status]).toEqual(['failed', 'connected']);
    expect(statuses()).toEqual(['connecting', 'connected', 'failed']);
  });
});
