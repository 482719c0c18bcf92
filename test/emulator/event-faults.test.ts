import type { EventFaults } from 'agora-session/emulator';
import { seededRandom } from 'agora-session/testing';
import { describe, expect, it } from 'vitest';
import { World } from './world.js';

/** Bob hears the numbers that Alice publishes, with his events going wrong. */
async function heard(faults: EventFaults, count = 40, seed = 1) {
  const world = new World({ random: seededRandom(seed) });
  const alice = await world.loggedIn('alice');
  const bob = await world.loggedIn('bob');
  await bob.client.subscribe('lobby');
  world.emulator.setEventFaults(faults, { userId: 'bob' });
  for (let index = 0; index < count; index += 1) await alice.client.publish('lobby', String(index));
  await world.clock.advance(10_000);
  return { numbers: bob.events('message').map(({ message }) => Number(message)), struck: world.emulator.struck.events };
}

const ascending = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

describe('events', () => {
  it('that are delayed keep their order', async () => {
    const { numbers, struck } = await heard({ delayMs: [0, 500] });
    expect(numbers).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(struck.delay).toBeGreaterThan(30);
    expect(struck.reorder).toBeUndefined();
  });

  it('can overtake each other where that is wanted', async () => {
    const { numbers, struck } = await heard({ delayMs: [0, 500], reorder: true });
    expect(numbers).not.toEqual(ascending(numbers));
    expect(ascending(numbers)).toEqual(Array.from({ length: 40 }, (_, index) => index));
    expect(struck.reorder).toBeGreaterThan(0);
  });

  it('can come twice', async () => {
    const { numbers, struck } = await heard({ twice: 0.5 });
    expect(numbers).toEqual(ascending(numbers));
    expect(new Set(numbers).size).toBe(40);
    expect(numbers).toHaveLength(40 + (struck.twice ?? 0));
    expect(struck.twice).toBeGreaterThan(5);
  });

  it('can get lost', async () => {
    const { numbers, struck } = await heard({ lose: 0.5 });
    expect(numbers).toHaveLength(40 - (struck.lose ?? 0));
    expect(struck.lose).toBeGreaterThan(5);
  });

  it('go wrong in the same way for the same seed', async () => {
    const faults: EventFaults = { delayMs: [0, 500], twice: 0.3, lose: 0.3, reorder: true };
    expect(await heard(faults, 40, 7)).toEqual(await heard(faults, 40, 7));
    expect(await heard(faults, 40, 7)).not.toEqual(await heard(faults, 40, 8));
  });

  it('are left alone that were not named', async () => {
    expect((await heard({ lose: 1, events: ['linkState', 'presence'] })).numbers).toHaveLength(40);
  });

  it('of a join may come after its answer, each link’s in their order', async () => {
    const world = new World({ random: seededRandom(3) });
    const { client, links } = await world.loggedIn('alice');
    world.emulator.setEventFaults({ delayMs: [100, 400] });
    await client.createStreamChannel('stage').join({ token: world.rtcToken('alice', 'stage') });
    expect(links).toEqual([]);
    await world.clock.advance(1000);
    expect(links).toEqual([
      'STREAM stage IDLE>CONNECTING JOIN/JOIN',
      'STREAM stage CONNECTING>CONNECTED JOIN/JOIN_SUCCESS',
    ]);
    world.emulator.clearFaults();
    await client.logout();
    expect(links.at(-1)).toBe('STREAM stage CONNECTED>IDLE LOGOUT/LOGOUT');
  });

  it('that are on their way when the faults end still come first', async () => {
    const world = new World({ random: seededRandom(3) });
    const { client, links } = await world.loggedIn('alice');
    world.emulator.setEventFaults({ delayMs: [1000, 1000] });
    const stage = client.createStreamChannel('stage');
    await stage.join({ token: world.rtcToken('alice', 'stage') });
    world.emulator.setEventFaults(null);
    await stage.leave();
    expect(links).toEqual([]);
    await world.clock.advance(1000);
    expect(links.map((link) => link.split(' ')[2])).toEqual([
      'IDLE>CONNECTING',
      'CONNECTING>CONNECTED',
      'CONNECTED>IDLE',
    ]);
  });
});
