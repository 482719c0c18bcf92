import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { SignalingClient } from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld } from '../support/world.js';

beforeAll(inflateAtOnce);

/** The collector itself, so that what is measured is what is held. */
function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

describe('a thousand logins and logouts', () => {
  it('leave the heap, the timers and the listeners where they were', async () => {
    // All of them happen in one moment of virtual time.
    const world = createWorld({ limits: { callsPerSecond: Number.POSITIVE_INFINITY } });
    const { session, inspected } = world.session('alice');
    session.removeAllListeners();
    const counts = { added: 0, removed: 0 };
    const round = async (): Promise<void> => {
      const login = session.login();
      await world.clock.advance(0);
      await login;
      const work = Promise.all([session.subscribe('lobby'), session.joinStreamChannel('stage')]);
      await world.clock.advance(0);
      await work;
      void session.logout();
      // The SDK bears so many calls a second, whatever login they are of.
      await world.clock.advance(500);
      world.server.requests.length = 0;
      inspected.length = 0;
    };
    await round();
    countListeners(session.rtm, counts);
    // The first thousand fill caches and pools.
    for (let warmup = 0; warmup < 1_000; warmup += 1) await round();
    const before = heapAfterCollection();
    for (let nth = 0; nth < 1_000; nth += 1) await round();
    const grownBytes = heapAfterCollection() - before;
    // A single object of the session's that stayed behind each time would be more.
    expect(grownBytes).toBeLessThan(2_500_000);
    expect(counts.added).toBeGreaterThan(1_000);
    expect(counts.removed).toBe(counts.added);
    expect(world.clock.pending).toBe(0);
  }, 120_000);
});

function countListeners(client: SignalingClient, counts: { added: number; removed: number }): void {
  const { addEventListener, removeEventListener } = client;
  Object.assign(client, {
    addEventListener(...args: Parameters<typeof addEventListener>) {
      counts.added += 1;
      return addEventListener.apply(client, args);
    },
    removeEventListener(...args: Parameters<typeof removeEventListener>) {
      counts.removed += 1;
      return removeEventListener.apply(client, args);
    },
  });
}
