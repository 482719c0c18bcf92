import { beforeAll, describe, expect, it } from 'vitest';
import { reactive } from 'vue';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, outcome } from '../support/world.js';

beforeAll(inflateAtOnce);

/** As apps keep things in Vue's reactive() and in Pinia; the proxy that comes back does not know private members. */
const kept = <T extends object>(thing: T): T => (reactive({ thing: thing as object }) as unknown as { thing: T }).thing;

describe('in a store whose properties are proxies', () => {
  it('a session can stand', async () => {
    const world = createWorld();
    const alice = world.session('alice');
    const session = kept(alice.session);
    await world.login(alice);
    expect(session.state).toEqual({ status: 'connected' });
    expect(session.snapshot).toBe(alice.session.snapshot);
    expect(session.rtm).toBe(alice.session.rtm);
    const subscribed = outcome(session.subscribe('lobby'));
    await world.clock.advance(1_000);
    expect(await subscribed).toBe('done');
  });

  it('the handle of a stream channel can stand', async () => {
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    const [stage] = await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(1_000)]);
    expect(kept(stage).state).toEqual({ status: 'joined' });
    const left = outcome(kept(stage).leave());
    await world.clock.advance(1_000);
    expect(await left).toBe('done');
  });
});
