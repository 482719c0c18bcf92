import { httpTokenSource } from 'agora-session';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld, type World } from '../support/world.js';

beforeAll(inflateAtOnce);

/** Older than a third of its life of an hour, so that a token joins the next request, whatever that is made for. */
const OLD_MS = 1_300_000;

async function loggedIn(world: World) {
  const alice = world.session('alice');
  await world.login(alice);
  return alice;
}

describe('a renewal that came with the request of another', () => {
  it('is told, and was due by its schedule', async () => {
    const world = createWorld();
    const alice = await loggedIn(world);
    await world.clock.advance(OLD_MS);
    await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(2_000)]);
    expect(world.server.requests.at(-1)).toMatchObject({ signaling: true, channels: ['stage'] });
    expect(alice.told.tokenRenewed).toMatchObject([{ target: { kind: 'signaling' }, cause: 'schedule' }]);
  });

  it('is not called lapsed because the other was', async () => {
    const world = createWorld();
    const alice = await loggedIn(world);
    await Promise.all([alice.session.joinStreamChannel('stage'), world.clock.advance(2_000)]);
    await world.clock.advance(OLD_MS);
    world.emulator.expireToken('alice', 'stage');
    await world.clock.advance(10_000);
    expect(world.server.requests.at(-1)).toMatchObject({ signaling: true, channels: ['stage'] });
    const ofLogin = alice.told.tokenRenewed?.filter(({ target }) => target.kind === 'signaling');
    expect(ofLogin).toMatchObject([{ cause: 'schedule' }]);
  });
});

it('a token source is told that the last token was refused', async () => {
  const world = createWorld();
  const source = httpTokenSource({ url: 'https://app.test/tokens', fetch: world.server.fetch });
  const causes: string[] = [];
  const alice = world.session('alice', {
    tokens: (asked, init) => {
      causes.push(asked.cause);
      return source.getTokens(asked, init);
    },
  });
  await world.login(alice);
  await world.clock.advance(120_000);
  world.emulator.kick('alice', 'INVALID_TOKEN');
  await world.clock.advance(10_000);
  expect(alice.states.find(({ status }) => status === 'recovering')).toMatchObject({ cause: 'rejected' });
  expect(causes).toEqual(['login', 'rejected']);
});
