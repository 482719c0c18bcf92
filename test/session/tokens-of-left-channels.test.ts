import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, type Observed, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

/** How the link is lost, and found again. */
const LOSSES: [string, 'reconnecting' | 'recovering', (world: World) => void, (world: World) => void][] = [
  [
    'the link was down',
    'reconnecting',
    (world) => world.emulator.setNetwork('alice', false),
    (world) => world.emulator.setNetwork('alice', true),
  ],
  [
    'the session was logging in again',
    'recovering',
    (world) => {
      world.server.fault = () => new Response(null, { status: 503 });
      world.emulator.expireToken('alice');
    },
    (world) => {
      world.server.fault = null;
    },
  ],
];

const is =
  ({ session }: Observed, status: string) =>
  () =>
    session.state.status === status;

describe('no token is asked for of a channel that was left', () => {
  it.each(LOSSES)('while %s', async (_when, status, lose, find) => {
    const world = createWorld();
    const alice = world.session('alice');
    await world.login(alice);
    const [stage] = await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(1_000)]);
    lose(world);
    await world.clock.until(is(alice, status));
    await Promise.all([stage.leave(), world.clock.advance(1_000)]);
    find(world);
    await world.clock.until(is(alice, 'connected'));
    const before = world.server.requests.length;
    await world.clock.advance(4 * 3_600_000);
    const later = world.server.requests.slice(before);
    expect(later.length).toBeGreaterThan(2);
    expect(later.flatMap(({ channels }) => channels)).toEqual([]);
    expect(alice.session.snapshot.tokens.map(({ target }) => target.kind)).toEqual(['signaling']);
  });
});
