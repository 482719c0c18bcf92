import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadPatiently } from '../../src/session/sdk/load-patiently.js';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { createWorld, type Observed, outcome } from '../support/world.js';

beforeAll(inflateAtOnce);
afterEach(() => {
  vi.doUnmock('../../src/session/login/session-engine.js');
  vi.unstubAllGlobals();
});

const turns = async (count: number): Promise<void> => {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
};

const lost = (): never => {
  throw new TypeError('Failed to fetch dynamically imported module: https://app.test/chunk.js');
};

describe('a part of the app that is fetched later', () => {
  it('is fetched up to five times, within 15 s', async () => {
    const clock = new VirtualClock();
    const load = vi.fn(lost);
    const loading = outcome(loadPatiently(load, { clock, random: () => 1 }));
    await clock.advance(15_000);
    expect(await loading).toMatchObject({ name: 'TypeError' });
    expect(load).toHaveBeenCalledTimes(5);
    expect(clock.pending).toBe(0);
  });

  it('is not waited for when its signal aborts, and leaves no timer', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const loading = outcome(loadPatiently(lost, { clock, random: () => 1, signal: controller.signal }));
    await clock.advance(100);
    expect(clock.pending).toBe(1);
    controller.abort('logged out');
    expect(await loading).toBe('logged out');
    expect(clock.pending).toBe(0);
  });

  it.each([
    [['subscribe', 'unsubscribe'], false],
    [['unsubscribe', 'subscribe'], true],
  ] as const)('is overtaken by no later call when it has come: the last of %j holds', async (calls, subscribed) => {
    for (let before = 0; before < 5; before += 1) {
      for (let between = 0; between < 4; between += 1) {
        const world = createWorld();
        const { session } = world.session('alice');
        const ends = [outcome(session.login())];
        await turns(before);
        for (const call of calls) {
          ends.push(outcome(session[call]('lobby')));
          await turns(between);
        }
        await world.clock.until(() => session.state.status === 'connected');
        await world.clock.advance(5_000);
        const has = world.emulator.inspect().users[0]?.subscriptions.includes('lobby');
        expect(has, `${before} and ${between} turns`).toBe(subscribed);
        await Promise.all(ends);
      }
    }
  });

  it('may be the engine, which all sessions of a page share: each waits by its own clock', async () => {
    vi.resetModules();
    let fetches = 0;
    vi.doMock('../../src/session/login/session-engine.js', () => {
      fetches += 1;
      if (fetches === 1) lost();
      return { SessionEngine: class {} };
    });
    const { loadEngine } = await import('../../src/session/load-engine.js');
    const clock = new VirtualClock();
    const engine = loadEngine({ clock, random: () => 0.5 });
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    await clock.advance(1_000);
    expect(await engine).toHaveProperty('SessionEngine');
    expect(fetches).toBe(2);
  });
});

describe('while the engine is being loaded', () => {
  it.each<[string, (session: Observed['session'], signal: AbortSignal) => Promise<unknown>]>([
    ['subscribe', (session, signal) => session.subscribe('lobby', { signal })],
    ['joinStreamChannel', (session, signal) => session.joinStreamChannel('stage', { signal })],
    ['publish', (session, signal) => session.publish('lobby', 'hello', { signal })],
  ])('%s that is aborted is not done', async (_name, call) => {
    const world = createWorld();
    const { session } = world.session('alice');
    const login = outcome(session.login());
    const controller = new AbortController();
    const called = outcome(call(session, controller.signal));
    controller.abort();
    await world.clock.advance(5_000);
    expect(await login).toBe('done');
    expect(await called).toMatchObject({ code: 'ABORTED' });
    expect(session.snapshot).toMatchObject({ channels: [], subscriptions: [] });
  });

  it.each(['subscription', 'channel'] as const)(
    'calls are kept, and a logout by a listener that hears of the first (%s) ends them all',
    async (event) => {
      const world = createWorld();
      const { session } = world.session('alice');
      session.once(event, () => void session.logout());
      const ends = [
        session.login(),
        session.subscribe('lobby'),
        session.joinStreamChannel('stage'),
        session.publish('lobby', 'hello'),
      ];
      const all = Promise.all(ends.map(outcome));
      await world.clock.advance(60_000);
      expect(await all).toMatchObject(ends.map(() => ({ code: 'LOGGED_OUT' })));
      await world.clock.during(session.login());
      await world.clock.advance(5_000);
      expect(session.snapshot).toMatchObject({ channels: [], subscriptions: [] });
    },
  );

  it('renewTokens(), and right after it, is about the token of that login', async () => {
    for (let before = 0; before < 6; before += 1) {
      const world = createWorld();
      const { session } = world.session('alice');
      world.server.fault = () => new Response('{}', { status: 500 });
      const login = outcome(session.login());
      await turns(before);
      const renewal = outcome(session.renewTokens());
      await world.clock.advance(100);
      expect(await renewal, `after ${before} turns`).toMatchObject({ code: 'TOKEN_REQUEST_FAILED' });
      await world.clock.during(session.logout());
      expect(await login).toMatchObject({ code: 'LOGGED_OUT' });
    }
  });
});

describe('a tab that waits for its turn', () => {
  /** Another tab has the turn; returns what gives it to this one. */
  function occupied(): () => void {
    let grant = (): void => {};
    const request = (_name: string, { ifAvailable }: LockOptions, use: (lock: unknown) => Promise<void>) =>
      ifAvailable
        ? Promise.resolve(use(null))
        : new Promise<void>((resolve) => {
            grant = () => resolve(use({}));
          });
    vi.stubGlobal('navigator', { locks: { request } });
    return () => grant();
  }

  it('asks for no tokens, whatever it wants by then', async () => {
    const grant = occupied();
    const world = createWorld();
    const { session } = world.session('alice', { tabs: 'wait' });
    const ends = Promise.all([session.login(), session.joinStreamChannel('stage'), session.subscribe('lobby')]);
    await world.clock.advance(8 * 3_600_000);
    expect(session.state.status).toBe('waiting');
    expect(world.server.requests).toEqual([]);
    grant();
    await world.clock.during(ends);
    expect(world.server.requests).toMatchObject([{ signaling: true, channels: ['stage'] }]);
  });

  it('has its renewTokens() wait for the token of its login', async () => {
    const grant = occupied();
    const world = createWorld();
    const { session } = world.session('alice', { tabs: 'wait' });
    const login = session.login();
    await world.clock.advance(1_000);
    let renewed: unknown = 'pending';
    void outcome(session.renewTokens()).then((end) => {
      renewed = end;
    });
    await world.clock.advance(60_000);
    expect([renewed, world.server.requests.length]).toEqual(['pending', 0]);
    grant();
    await world.clock.during(login);
    await world.clock.advance(1_000);
    expect([renewed, world.server.requests.length]).toEqual(['done', 1]);
  });
});
