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

const DAY = 86_400_000;
const statuses = (): string[] => alice.states.map(({ status }) => status);

describe('time', () => {
  it('a laptop asleep for two hours is back with a fresh token within seconds of waking', async () => {
    await world.login(alice);
    await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(1_000)]);
    world.clock.sleep(2 * 3_600_000);
    alice.wake();
    await world.clock.advance(15_000);
    expect(alice.session.state.status).toBe('connected');
    expect(world.emulator.inspect().users).toMatchObject([{ streamChannels: [{ channelName: 'stage' }] }]);
  });

  it('a laptop asleep for ten minutes renews what fell due within 5 s of waking', async () => {
    await world.login(alice);
    await world.clock.advance(1_700_000);
    world.clock.sleep(600_000);
    alice.wake();
    await world.clock.advance(5_000);
    expect(alice.told.tokenRenewed).toMatchObject([{ cause: 'wake' }]);
    expect(statuses()).toEqual(['connecting', 'connected']);
  });

  it.each([
    ['a day ahead', DAY],
    ['a day back', -DAY],
  ])('a wall clock wrong by %s from the start locks nobody out', async (_name, wrongBy) => {
    const { clock } = world;
    alice = world.session('alice', {
      clock: {
        now: () => clock.now() + wrongBy,
        monotonic: () => clock.monotonic(),
        setTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs),
        clearTimeout: (handle) => clock.clearTimeout(handle),
      },
    });
    await world.login(alice);
    await world.clock.advance(3 * 3_600_000);
    expect(statuses()).toEqual(['connecting', 'connected']);
    expect(world.server.requests.length).toBeLessThan(7);
  });

  it.each([
    ['ahead', DAY],
    ['back', -DAY],
  ])('a wall clock set %s by a day costs one early renewal at most', async (_name, by) => {
    let shift = 0;
    const { clock } = world;
    alice = world.session('alice', {
      clock: {
        now: () => clock.now() + shift,
        monotonic: () => clock.monotonic(),
        setTimeout: (callback, delayMs) => clock.setTimeout(callback, delayMs),
        clearTimeout: (handle) => clock.clearTimeout(handle),
      },
    });
    await world.login(alice);
    await world.clock.advance(600_000);
    shift = by;
    await world.clock.advance(3 * 3_600_000);
    expect(statuses()).toEqual(['connecting', 'connected']);
    expect(world.server.requests.length).toBeLessThan(8);
  });

  it('a wall clock set back while the link is down makes no gap that ends before it begins', async () => {
    const { clock, emulator } = world;
    await world.login(alice);
    await clock.during(alice.session.subscribe('lobby'));
    emulator.setNetwork('alice', false);
    await clock.advance(30_000);
    clock.setBy(-DAY);
    await clock.advance(400_000);
    emulator.setNetwork('alice', true);
    await clock.advance(200_000);
    expect(alice.told.restored).toHaveLength(1);
    for (const { gap } of alice.told.restored ?? []) expect(gap.from).toBeLessThanOrEqual(gap.to);
  });

  it('background throttling, with timers at most once a minute, keeps tokens of ten minutes', async () => {
    const { clock } = world;
    world.server.lifeSeconds = 600;
    alice = world.session('alice', {
      clock: {
        now: () => clock.now(),
        monotonic: () => clock.monotonic(),
        setTimeout: (callback, delayMs) => {
          const due = clock.monotonic() + delayMs;
          return clock.setTimeout(callback, Math.ceil(due / 60_000) * 60_000 - clock.monotonic());
        },
        clearTimeout: (handle) => clock.clearTimeout(handle),
      },
    });
    const login = alice.session.login({ timeoutMs: 120_000 });
    await world.clock.advance(120_000);
    await login;
    await world.clock.advance(6 * 3_600_000);
    expect(statuses()).toEqual(['connecting', 'connected']);
    expect(alice.told.tokenError).toEqual([]);
  });
});
