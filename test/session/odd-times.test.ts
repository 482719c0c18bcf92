import type { SignalingClient, SignalingSdk } from 'agora-session';
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

const nothingLeft = (): void => {
  expect(world.clock.pending).toBe(0);
  expect(world.server.inFlight).toBe(0);
  expect(world.emulator.inspect().users).toEqual([]);
};

describe('login()', () => {
  it('twice at once is one login', async () => {
    const both = Promise.all([alice.session.login(), alice.session.login()]);
    await world.clock.advance(1_000);
    await both;
    expect(world.server.requests).toHaveLength(1);
  });

  it('twice at once, one aborted: the other goes on', async () => {
    const controller = new AbortController();
    const first = outcome(alice.session.login({ signal: controller.signal }));
    const second = outcome(alice.session.login());
    controller.abort();
    await world.clock.advance(1_000);
    expect(await first).toMatchObject({ code: 'ABORTED' });
    expect(await second).toBe('done');
  });

  it('while connected resolves at once', async () => {
    await world.login(alice);
    await alice.session.login();
    expect(world.server.requests).toHaveLength(1);
  });

  it('offline rejects after its time-out and leaves nothing running', async () => {
    world.emulator.setNetwork('alice', false);
    const login = outcome(alice.session.login({ timeoutMs: 40_000 }));
    await world.clock.advance(39_999);
    expect(alice.session.state.status).toBe('connecting');
    await world.clock.advance(1);
    expect(await login).toMatchObject({ code: 'LOGIN_TIMEOUT' });
    await world.clock.advance(5_000);
    expect(alice.session.state).toEqual({ status: 'idle' });
    nothingLeft();
  });

  it('with a signal that is aborted already rejects at once', async () => {
    await expect(alice.session.login({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(alice.session.state).toEqual({ status: 'idle' });
  });

  it('during a logout waits for it', async () => {
    await world.login(alice);
    const logout = alice.session.logout();
    const login = outcome(alice.session.login());
    await world.clock.advance(2_000);
    await logout;
    expect(await login).toBe('done');
    expect(alice.session.state.status).toBe('connected');
    expect(world.emulator.inspect().users).toHaveLength(1);
  });

  it.each([0, -1, Number.NaN, '5'])('refuses timeoutMs %s', async (timeoutMs) => {
    await expect(alice.session.login({ timeoutMs: timeoutMs as number })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('timeoutMs'),
    });
  });

  it('names the SDK where that never comes, and not the network', async () => {
    alice = world.session('alice', { loadSdk: () => new Promise(() => {}) });
    const login = outcome(alice.session.login());
    await world.clock.advance(30_000);
    expect(await login).toMatchObject({ code: 'LOGIN_TIMEOUT', message: expect.stringContaining('`loadSdk`') });
    expect(alice.session.state.status).toBe('idle');
    expect(world.clock.pending).toBe(0);
  });

  it('works when the SDK fails to load once', async () => {
    let loads = 0;
    const sdk = world.emulator.openPage();
    alice = world.session('alice', {
      loadSdk: async () => {
        loads += 1;
        if (loads === 1) throw new TypeError('Failed to fetch dynamically imported module');
        return { default: sdk };
      },
    });
    await world.login(alice);
    expect(alice.session.state.status).toBe('connected');
  });
});

describe('at every await of a login', () => {
  const moments = Array.from({ length: 40 }, (_, turn) => turn);

  it.each(moments)('logout() after %i turns wins and leaves nothing', async (turns) => {
    const login = outcome(alice.session.login());
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    const logout = alice.session.logout();
    await world.clock.advance(6_000);
    await logout;
    expect(await login).toMatchObject({ code: 'LOGGED_OUT' });
    expect(alice.session.state).toEqual({ status: 'idle' });
    nothingLeft();
  });

  it.each(moments)('an abort after %i turns stops it and leaves nothing', async (turns) => {
    const controller = new AbortController();
    const login = outcome(alice.session.login({ signal: controller.signal }));
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    controller.abort();
    await world.clock.advance(6_000);
    expect(await login).toMatchObject({ code: 'ABORTED' });
    expect(alice.session.state).toEqual({ status: 'idle' });
    nothingLeft();
  });
});

describe('logout()', () => {
  it('is idempotent, before and after a login', async () => {
    await alice.session.logout();
    await world.login(alice);
    await Promise.all([alice.session.logout(), alice.session.logout(), world.clock.advance(100)]);
    await alice.session.logout();
    nothingLeft();
  });

  it('resolves after 5 s when the SDK never answers', async () => {
    const sdk = world.emulator.openPage();
    class Stuck extends sdk.RTM {}
    Stuck.prototype.logout = () => new Promise(() => {});
    alice = world.session('alice', { loadSdk: async () => ({ RTM: Stuck }) });
    await world.login(alice);
    let done = false;
    void alice.session.logout().then(() => {
      done = true;
    });
    await world.clock.advance(4_999);
    expect(done).toBe(false);
    await world.clock.advance(1);
    expect(done).toBe(true);
  });

  it('rejects what is pending with LOGGED_OUT', async () => {
    world.emulator.setNetwork('alice', false);
    const login = outcome(alice.session.login());
    await world.clock.advance(1);
    const pending = [
      outcome(alice.session.subscribe('lobby')),
      outcome(alice.session.joinStreamChannel('stage')),
      outcome(alice.session.ready()),
    ];
    await world.clock.advance(2_000);
    await Promise.all([alice.session.logout(), world.clock.advance(6_000)]);
    for (const result of await Promise.all([login, ...pending])) expect(result).toMatchObject({ code: 'LOGGED_OUT' });
    nothingLeft();
  });

  it('cancels a join that is under way: the next login does not find the channel joined', async () => {
    await world.login(alice);
    world.emulator.setNetwork('alice', false);
    const join = outcome(alice.session.joinStreamChannel('stage'));
    await world.clock.advance(0);
    void alice.session.logout();
    const login = outcome(alice.session.login());
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(60_000);
    expect(await join).toMatchObject({ code: 'LOGGED_OUT' });
    expect(await login).toBe('done');
    expect(world.emulator.inspect().users).toMatchObject([{ userId: 'alice', streamChannels: [] }]);
  });

  it('cancels a join that the SDK has not begun yet as well', async () => {
    const world = createWorld({ latencyMs: 50 });
    const alice = world.session('alice');
    const { session } = alice;
    await world.login(alice);
    // The SDK tells of the first join while it has only been called for the second.
    session.once('linkState', () => void session.logout());
    world.emulator.order('join', { kind: 'slow', ms: 3_000 }, { times: 2 });
    const joins = ['stage', 'hall'].map((name) => outcome(session.joinStreamChannel(name)));
    await world.clock.advance(1_000);
    expect(await Promise.all(joins)).toMatchObject([{ code: 'LOGGED_OUT' }, { code: 'LOGGED_OUT' }]);
    await world.login(alice);
    await world.clock.advance(60_000);
    expect(world.emulator.inspect().users).toMatchObject([{ userId: 'alice', streamChannels: [] }]);
  });

  it('tells of what is left that it is left, and not that it is lost before', async () => {
    const world = createWorld();
    const alice = world.session('alice');
    const { session } = alice;
    await world.login(alice);
    await world.clock.during(session.joinStreamChannel('stage'));
    await world.clock.during(session.subscribe('lobby'));
    const subscriptions: string[] = [];
    session.on('subscription', ({ state }) => subscriptions.push(state));
    await world.clock.during(session.logout());
    expect(alice.told.channel?.map(({ state }) => state.status)).toEqual(['joining', 'joined', 'left']);
    expect(subscriptions).toEqual(['unsubscribed']);
  });

  it('rejects topic messages that wait for their pace with LOGGED_OUT', async () => {
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    const stage = await world.clock.during(alice.session.joinStreamChannel('stage'));
    await world.clock.during(stage.joinTopic('chat'));
    const messages = Array.from({ length: 160 }, () => outcome(stage.publishTopicMessage('chat', 'hello')));
    await world.clock.advance(0);
    await world.clock.during(alice.session.logout());
    expect((await Promise.all(messages)).filter((end) => end !== 'done')).toMatchObject(
      Array.from({ length: 10 }, () => ({ code: 'LOGGED_OUT' })),
    );
  });

  it('by way of the SDK itself ends the session too', async () => {
    await world.login(alice);
    await Promise.all([alice.session.rtm.logout(), world.clock.advance(1_000)]);
    expect(alice.session.state).toEqual({ status: 'idle' });
  });

  it('makes a session of the same user possible at once, as in mount, unmount, mount', async () => {
    const sdk = world.emulator.openPage();
    const mount = (): Observed => world.session('alice', { loadSdk: async () => sdk });
    const first = mount();
    const login = outcome(first.session.login());
    void first.session.logout();
    const second = mount();
    const again = outcome(second.session.login());
    await world.clock.advance(3_000);
    expect(await login).toMatchObject({ code: 'LOGGED_OUT' });
    expect(await again).toBe('done');
  });
});

describe('a second session of the same user in a page', () => {
  it('is refused while the first is active, and takes its client over afterwards', async () => {
    const sdk = world.emulator.openPage();
    alice = world.session('alice', { loadSdk: async () => sdk });
    const second = world.session('alice', { loadSdk: async () => sdk });
    await world.login(alice);
    expect(await outcome(second.session.login())).toMatchObject({ code: 'ALREADY_ACTIVE' });
    expect(alice.session.state.status).toBe('connected');
    await Promise.all([alice.session.logout(), world.clock.advance(100)]);
    await world.login(second);
    expect(second.session.rtm).toBe(alice.session.rtm);
  });

  it('takes over with the same rtmConfig, whatever order it is in and whether what it leaves out is undefined', async () => {
    const sdk = world.emulator.openPage();
    const withConfig = (rtmConfig: object) => world.session('alice', { loadSdk: async () => sdk, rtmConfig });
    const first = withConfig({ presenceTimeout: 30, privateConfig: { accessPointHosts: ['a'], originDomains: ['b'] } });
    await world.login(first);
    await world.clock.during(first.session.logout());
    const second = withConfig({
      privateConfig: { originDomains: ['b'], accessPointHosts: ['a'] },
      presenceTimeout: 30,
      useStringUserId: undefined,
    });
    await world.login(second);
    expect(second.session.rtm).toBe(first.session.rtm);
  });

  it('is refused with another rtmConfig', async () => {
    const sdk = world.emulator.openPage();
    alice = world.session('alice', { loadSdk: async () => sdk });
    await world.login(alice);
    await Promise.all([alice.session.logout(), world.clock.advance(100)]);
    const second = world.session('alice', { loadSdk: async () => sdk, rtmConfig: { presenceTimeout: 30 } });
    const [result] = await Promise.all([outcome(second.session.login()), world.clock.advance(100)]);
    expect(result).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining('rtmConfig') });
  });
});

describe('calls without a login', () => {
  it.each<[string, (observed: Observed) => Promise<unknown>]>([
    ['subscribe', ({ session }) => session.subscribe('lobby')],
    ['joinStreamChannel', ({ session }) => session.joinStreamChannel('stage')],
    ['ready', ({ session }) => session.ready()],
    ['renewTokens', ({ session }) => session.renewTokens()],
  ])('%s rejects with NOT_LOGGED_IN', async (_name, call) => {
    expect(await outcome(call(alice))).toMatchObject({ code: 'NOT_LOGGED_IN' });
  });

  it('rtm throws NOT_LOGGED_IN', () => {
    expect(() => alice.session.rtm).toThrow(expect.objectContaining({ code: 'NOT_LOGGED_IN' }));
  });

  it.each(['', '_x', 'a.b', 'x'.repeat(65), 'é', undefined, 7])(
    'a channel name %s is refused at once',
    async (name) => {
      expect(await outcome(alice.session.subscribe(name as string))).toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(await outcome(alice.session.joinStreamChannel(name as string))).toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    },
  );
});

describe('while reconnecting', () => {
  it('subscribe and joinStreamChannel wait', async () => {
    await world.login(alice);
    world.emulator.setNetwork('alice', false);
    await world.clock.until(() => alice.session.state.status === 'reconnecting');
    const waiting = Promise.all([alice.session.subscribe('lobby'), alice.session.joinStreamChannel('stage')]);
    await world.clock.advance(1_000);
    world.emulator.setNetwork('alice', true);
    await world.clock.advance(60_000);
    await waiting;
    expect(world.emulator.inspect().users).toMatchObject([
      { subscriptions: ['lobby'], streamChannels: [{ channelName: 'stage' }] },
    ]);
  });
});

describe('adoption', () => {
  it('tokens: null logs in without a token', async () => {
    world = createWorld({ certificate: false });
    alice = world.session('alice', { tokens: null });
    await world.login(alice);
    await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(1_000)]);
    expect(alice.session.state.status).toBe('connected');
    expect(world.server.requests).toHaveLength(0);
    expect(world.clock.pending).toBeLessThan(5);
  });

  it('tokens: null in a project that demands tokens says so', async () => {
    alice = world.session('alice', { tokens: null });
    const login = outcome(alice.session.login());
    await world.clock.advance(31_000);
    expect(await login).toMatchObject({ code: 'CONFIGURATION', message: expect.stringContaining('tokens: null') });
  });

  it('a client that the app made itself is adopted', async () => {
    const sdk: SignalingSdk = world.emulator.openPage();
    const client: SignalingClient = new sdk.RTM(alice.session.appId, 'alice');
    alice = world.session('alice', { client, loadSdk: () => Promise.reject(new Error('not loaded')) });
    await world.login(alice);
    expect(alice.session.rtm).toBe(client);
  });

  it('ready() resolves with the login that somebody else began, and rejects with the error of a failed session', async () => {
    const login = alice.session.login();
    const ready = alice.session.ready();
    await world.clock.advance(1_000);
    await Promise.all([login, ready]);
    world.emulator.kick('alice');
    await world.clock.advance(100);
    await expect(alice.session.ready()).rejects.toMatchObject({ code: 'KICKED' });
  });

  it('a log level of the SDK above none warns that it prints tokens', () => {
    const loud = world.session('bob', { rtmConfig: { logLevel: 'debug' } });
    expect(loud.warnings).toEqual([expect.stringContaining('prints whole tokens')]);
  });
});
