import { beforeAll, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { createWorld } from '../support/world.js';

beforeAll(inflateAtOnce);

it('in a hidden tab, whose timers fire once a minute, a lapsed token is recovered from without waiting for a timer', async () => {
  const world = createWorld();
  const { clock } = world;
  let hidden = false;
  const alice = world.session('alice', {
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      setTimeout: (callback, delayMs) => {
        const due = clock.monotonic() + delayMs;
        return clock.setTimeout(callback, hidden ? Math.ceil(due / 60_000) * 60_000 - clock.monotonic() : delayMs);
      },
      clearTimeout: (handle) => clock.clearTimeout(handle),
    },
  });
  await world.login(alice);
  await clock.advance(10_000);
  hidden = true;
  world.emulator.expireToken('alice');
  await clock.advance(1_000);
  expect(alice.states.map(({ status }) => status)).toEqual(['connecting', 'connected', 'recovering', 'connected']);
});
