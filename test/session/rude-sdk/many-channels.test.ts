import type { SessionSnapshot } from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../../support/inflate-at-once.js';
import { createWorld, type Observed, type World } from '../../support/world.js';

beforeAll(inflateAtOnce);

const roomy = (channels: number): World => createWorld({ limits: { joinedStreamChannels: channels }, latencyMs: 50 });
const names = (count: number): string[] => Array.from({ length: count }, (_, nth) => `c${nth}`);

async function joinAll(world: World, { session }: Observed, count: number) {
  const joins = Promise.all(names(count).map((name) => session.joinStreamChannel(name)));
  await world.clock.advance(count * 100 + 1_000);
  return joins;
}

/** How many entries a session puts together for the snapshots that it tells while `work` goes on. */
async function entriesBuilt({ session }: Observed, work: () => Promise<unknown>): Promise<number> {
  const lists = new Set<readonly unknown[]>([session.snapshot.channels]);
  let entries = 0;
  const look = ({ channels }: SessionSnapshot): void => {
    if (!lists.has(channels)) entries += channels.length;
    lists.add(channels);
  };
  session.on('snapshot', look);
  await work();
  session.off('snapshot', look);
  return entries;
}

describe('a hundred stream channels with eight topics each', () => {
  it('are all reported as restored, however long their topics wait for their turn', async () => {
    const world = roomy(100);
    const alice = world.session();
    await world.login(alice);
    const handles = await joinAll(world, alice, 100);
    const topics = handles.flatMap((handle) => names(8).map((topic) => handle.joinTopic(topic)));
    await Promise.all([...topics, world.clock.advance(90_000)]);
    world.emulator.kick('alice', 'CONNECTION_ERROR');
    await world.clock.advance(120_000);
    const [{ results } = { results: [] }] = alice.told.restored ?? [];
    expect(results).toHaveLength(900);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    const [user] = world.emulator.inspect().users;
    expect(user?.streamChannels.flatMap((stay) => stay.topics)).toHaveLength(800);
  }, 60_000);

  it('are told as restored without the one that the SDK does not answer, thirty seconds after its own call', async () => {
    const world = roomy(100);
    const alice = world.session();
    await world.login(alice);
    await joinAll(world, alice, 100);
    world.emulator.order('join', { kind: 'hang' }, { times: Number.POSITIVE_INFINITY, channelName: 'c99' });
    world.emulator.kick('alice', 'CONNECTION_ERROR');
    await world.clock.advance(60_000);
    const [{ results } = { results: [] }] = alice.told.restored ?? [];
    expect(results).toHaveLength(100);
    expect(results.filter(({ ok }) => !ok).map(({ channelName }) => channelName)).toEqual(['c99']);
  });
});

describe('the loss of three hundred stream channels', () => {
  it('is told in one snapshot, in a moment that does not grow with their square', async () => {
    const world = roomy(300);
    const alice = world.session();
    await world.login(alice);
    await joinAll(world, alice, 300);
    const told: number[] = [];
    alice.session.on('channel', () => told.push(performance.now()));
    const built = await entriesBuilt(alice, async () => {
      world.emulator.setNetwork('alice', false);
      await world.clock.advance(40_000);
    });
    const [first = 0, last = 0] = [told.at(0), told.at(-1)];
    expect([told.length, built]).toEqual([300, 300]);
    // A few milliseconds when each costs the same; hundreds when each puts together what all others say.
    expect(last - first).toBeLessThan(150);
  }, 60_000);
});
