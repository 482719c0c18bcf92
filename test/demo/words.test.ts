import { beforeEach, describe, expect, it } from 'vitest';
import { makeTrouble, TROUBLES } from '../../examples/demo/troubles.js';
import { byHandWords, heldTokenWords, sessionWords, tokenWords } from '../../examples/demo/view/words.js';
import { BY_HAND_USER, World } from '../../examples/demo/world/world.js';

let world: World;

beforeEach(async () => {
  world = new World();
  world.begin();
  void world.joinStage();
  await world.clock.advance(6_000);
});

function trouble(name: string): string {
  const found = TROUBLES.find((one) => one.name === name);
  if (!found) throw new Error(`There is no trouble "${name}".`);
  return makeTrouble(found, world);
}

const alice = (): string => sessionWords(world.alice.state).text;
const carol = (): string => byHandWords(world.byHandState).text;
const lines = (): string[] => world.alice.snapshot.tokens.map((token) => tokenWords(token, world.clock.now()));

describe('what the boxes say', () => {
  it('of a page at rest', () => {
    expect([alice(), carol()]).toEqual(['connected', 'connected']);
    expect(lines()).toEqual([
      expect.stringMatching(/^login token: 5\d s left$/),
      expect.stringMatching(/^stage token: 5\d s left$/),
    ]);
    expect(heldTokenWords(world.expiryOf(BY_HAND_USER), world.clock.now())).toMatch(/^login token: 5\d s left$/);
  });

  it('of tokens that are not to be had, and then lapse', async () => {
    trouble('tokens-down');
    await world.clock.advance(45_000);
    expect(alice()).toBe('connected');
    expect(lines()[0]).toMatch(/^login token: \d+ s left, (next try in \d s|asking for a new one)$/);
    await world.clock.advance(20_000);
    expect(alice()).toMatch(/^recovering: the token lapsed, attempt \d+$/);
    expect(lines()[0]).toMatch(/^login token: lapsed/);
    expect(carol()).toBe('offline: its one try to log in failed');
    expect(heldTokenWords(world.expiryOf(BY_HAND_USER), world.clock.now())).toBe('no login');
  });

  it('of a denial', async () => {
    trouble('deny');
    await world.clock.advance(45_000);
    expect(lines()[0]).toMatch(/^login token: \d+ s left, a new one is denied$/);
    await world.clock.advance(20_000);
    expect(alice()).toBe('logged out: the token server gives no token');
  });

  it('of a cut network', async () => {
    trouble('cut-network');
    await world.clock.advance(20_000);
    expect([alice(), carol()]).toEqual(['link down, the SDK is restoring it', 'link down, the SDK is restoring it']);
  });

  it('of another device', async () => {
    trouble('elsewhere');
    await world.clock.advance(2_000);
    expect(alice()).toBe('logged in elsewhere, so logged out here');
  });
});

describe('what is said of a trouble', () => {
  it.each(TROUBLES)('$name: what was done, and which lines of code deal with it', ({ name, lasts, done, code }) => {
    expect(trouble(name)).toBe(`${done} Lines of code for it: ${code}.`);
    expect(`${done} ${lasts?.ended ?? ''}`).toMatch(/^You /);
    if (lasts) expect(trouble(name)).toBe(lasts.ended);
  });

  it.each(TROUBLES.filter(({ needs }) => needs))('$name: that there was nothing to do it to', (one) => {
    world = new World();
    expect(makeTrouble(one, world)).toBe(one.needs?.otherwise);
  });
});
