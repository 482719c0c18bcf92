import type { StreamChannelHandle } from 'agora-session';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type TabLocks, TabTurn } from '../../../src/environment/tab-turn.js';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { settle } from '../../support/virtual-clock.js';
import { createWorld, type Observed, type World } from '../../support/world.js';

beforeAll(inflateAtOnce);
afterEach(() => {
  vi.unstubAllGlobals();
});

/** One lock, exclusive, whose queue is served in order, as Web Locks are. */
class OneLock {
  readonly #waiting: (() => void)[] = [];
  #held = false;

  readonly request = ((_name: string, options: LockOptions, holder: (lock: Lock | null) => unknown) =>
    new Promise((resolve, reject) => {
      const grant = async (): Promise<void> => {
        this.#held = true;
        resolve((await holder({ name: 'x', mode: 'exclusive' })) as never);
        this.#held = false;
        this.#waiting.shift()?.();
      };
      if (!this.#held) return void grant();
      if (options.ifAvailable) return resolve(holder(null) as never);
      this.#waiting.push(grant);
      options.signal?.addEventListener('abort', () => {
        const place = this.#waiting.indexOf(grant);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(options.signal?.reason);
      });
    })) as TabLocks['request'];
}

function tab(locks: TabLocks) {
  const page = new EventTarget();
  const told: string[] = [];
  const turn = new TabTurn({ name: 'alice', locks, page });
  const listener = { onWaiting: () => {}, onLost: () => told.push('lost'), onUnavailable: () => told.push('none') };
  const take = async (): Promise<void> => {
    void turn.take(new AbortController().signal, listener).then(() => told.push('taken'));
    await settle();
  };
  const signal = (event: 'freeze' | 'resume'): Promise<void> => {
    page.dispatchEvent(new Event(event));
    return settle();
  };
  return { told, turn, take, freeze: () => signal('freeze'), resume: () => signal('resume') };
}

describe('a tab that is frozen while it waits for its turn', () => {
  it('lets the tabs behind it go ahead', async () => {
    const locks = new OneLock();
    const [first, second, third] = [tab(locks), tab(locks), tab(locks)];
    for (const one of [first, second, third]) await one.take();
    await second.freeze();
    first.turn.release();
    await settle();
    expect([second.told, third.told]).toEqual([[], ['taken']]);
  });

  it('asks again when it is resumed, behind those who wait', async () => {
    const locks = new OneLock();
    const [first, second, third] = [tab(locks), tab(locks), tab(locks)];
    for (const one of [first, second, third]) await one.take();
    await second.freeze();
    await second.resume();
    first.turn.release();
    await settle();
    expect([second.told, third.told]).toEqual([[], ['taken']]);
    third.turn.release();
    await settle();
    expect(second.told).toEqual(['taken']);
  });
});

describe('a session whose tab was frozen', () => {
  /** Freezes the page for five minutes; when that was, and what is told of it. */
  async function frozen({ clock }: World, { told }: Observed, page: EventTarget) {
    page.dispatchEvent(new Event('freeze'));
    const from = clock.now();
    await clock.advance(300_000);
    page.dispatchEvent(new Event('resume'));
    const before = told.restored?.length ?? 0;
    await clock.advance(10_000);
    return { from, restored: told.restored?.slice(before) ?? [] };
  }

  async function subscribed() {
    const page = new EventTarget();
    vi.stubGlobal('document', page);
    vi.stubGlobal('navigator', { locks: new OneLock() });
    const world = createWorld();
    const alice = world.session('alice', { tabs: 'wait' });
    await world.login(alice);
    await world.clock.during(alice.session.subscribe('lobby'), 1_000);
    return { world, alice, page };
  }

  it('is told the time without messages when it has its turn again', async () => {
    const { world, alice, page } = await subscribed();
    const { from, restored } = await frozen(world, alice, page);
    expect(restored).toMatchObject([{ results: [{ channelName: 'lobby', ok: true }] }]);
    expect(restored[0]?.gap.from).toBe(from);
    expect(restored[0]?.gap.to).toBeGreaterThanOrEqual(from + 300_000);
  });

  it('is not told an earlier loss once more', async () => {
    const { world, alice, page } = await subscribed();
    world.emulator.kick('alice');
    await world.clock.advance(1_000);
    expect(alice.session.state.status).toBe('failed');
    await world.login(alice);
    await world.clock.advance(7_200_000);
    await world.clock.during(alice.session.subscribe('hall'), 1_000);
    const { from, restored } = await frozen(world, alice, page);
    expect(restored).toHaveLength(1);
    expect(restored[0]?.gap.from).toBe(from);
  });

  it('forgets what was lost when a listener logs out as the turn goes', async () => {
    const { world, alice, page } = await subscribed();
    await world.clock.during(alice.session.joinStreamChannel('stage'), 1_000);
    alice.session.once('channel', () => void alice.session.logout());
    await frozen(world, alice, page);
    expect(alice.session.state.status).toBe('idle');
    await world.login(alice);
    await world.clock.advance(10_000);
    expect(alice.told.restored).toEqual([]);
  });
});

/** How often the SDK is told to leave a channel. */
function leavesOf({ channel }: StreamChannelHandle): () => number {
  const leave = channel.leave.bind(channel);
  let leaves = 0;
  channel.leave = () => {
    leaves += 1;
    return leave();
  };
  return () => leaves;
}

describe('leave()', () => {
  it.each([0, 100])('of a joined channel calls the SDK once, with calls of %i ms', async (latencyMs) => {
    const world = createWorld({ latencyMs });
    const alice = world.session();
    await world.login(alice);
    const [stage] = await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(2_000)]);
    const leaves = leavesOf(stage);
    await Promise.all([stage.leave(), world.clock.advance(20_000)]);
    expect(leaves()).toBe(1);
  });

  it('of a channel that is being joined again calls the SDK once', async () => {
    const world = createWorld({ latencyMs: 100 });
    const alice = world.session();
    await world.login(alice);
    const [stage] = await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(2_000)]);
    const leaves = leavesOf(stage);
    world.emulator.order('join', { kind: 'slow', ms: 3_000 });
    world.emulator.failStream('alice', 'stage');
    await world.clock.advance(3_000);
    expect(stage.state).toEqual({ status: 'rejoining' });
    await Promise.all([stage.leave(), world.clock.advance(20_000)]);
    expect(leaves()).toBe(1);
    expect(world.emulator.inspect().users).toMatchObject([{ streamChannels: [] }]);
  });
});

describe('a snapshot', () => {
  it('holds the same objects for tokens that an event did not concern', async () => {
    const world = createWorld();
    const alice = world.session();
    await world.login(alice);
    await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(2_000)]);
    const before = alice.session.snapshot;
    await Promise.all([alice.session.subscribe('lobby'), world.clock.advance(1_000)]);
    await Promise.all([alice.session.joinStreamChannel('hall'), world.clock.advance(2_000)]);
    const { tokens } = alice.session.snapshot;
    expect(tokens).toHaveLength(3);
    const fresh = tokens.filter((token) => !before.tokens.includes(token));
    expect(fresh.map(({ target }) => target)).toEqual([{ kind: 'stream', channelName: 'hall' }]);
  });
});
