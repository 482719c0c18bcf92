import { beforeAll, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld } from '../support/world.js';

beforeAll(inflateAtOnce);

it('a token server that is back half a minute before the token lapses is found in time', async () => {
  const world = createWorld();
  // Of all waits the longest, and of all renewals the latest.
  const alice = world.session('alice', { random: () => 0.999 });
  await world.login(alice);
  await world.clock.advance(3_000_000);
  world.server.fault = () => new Response(null, { status: 503 });
  await world.clock.advance(570_000);
  world.server.fault = null;
  await world.clock.advance(600_000);
  expect(alice.states.map(({ status }) => status)).toEqual(['connecting', 'connected']);
  expect(alice.told.tokenRenewed).toHaveLength(1);
});
