import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, type Observed, outcome, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

/** How many messages alice hears of a channel that bob speaks in. */
async function heard(world: World, alice: Observed): Promise<number> {
  const bob = world.session('bob');
  await world.login(bob);
  await Promise.all([bob.session.rtm.publish('lobby', 'hello'), world.clock.advance(1_000)]);
  return alice.told.message?.length ?? 0;
}

// A view that is opened and left at once: its cleanup runs in the same turn as what it cleans up.
describe('of subscribe() and unsubscribe() in one turn the last word counts', () => {
  it.each(['connected', 'connecting'])('while the session is %s', async (status) => {
    const world = createWorld();
    const alice = world.session('alice');
    const login = outcome(alice.session.login());
    if (status === 'connected') await world.clock.advance(5_000);
    expect(alice.session.state.status).toBe(status);
    const subscribed = outcome(alice.session.subscribe('lobby'));
    const unsubscribed = outcome(alice.session.unsubscribe('lobby'));
    await world.clock.advance(5_000);
    expect(await Promise.all([login, unsubscribed])).toEqual(['done', 'done']);
    expect(await subscribed).toMatchObject({ code: 'ABORTED' });
    expect(alice.session.snapshot.subscriptions).toEqual([]);
    expect(await heard(world, alice)).toBe(0);
  });

  it('be it a subscribe() again', async () => {
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    void outcome(alice.session.subscribe('lobby'));
    void alice.session.unsubscribe('lobby');
    const subscribed = outcome(alice.session.subscribe('lobby'));
    await world.clock.advance(5_000);
    expect(await subscribed).toBe('done');
    expect(alice.session.snapshot.subscriptions).toMatchObject([{ channelName: 'lobby' }]);
    expect(await heard(world, alice)).toBe(1);
  });
});
