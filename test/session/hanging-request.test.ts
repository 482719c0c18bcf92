import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createWorld } from '../support/world.js';

/** Collects what nobody holds. Node's requests follow a signal through weak references, which only this shows. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect: () => void = runInNewContext('gc');
  // Weak references are kept to the end of the job in which they were made or read.
  for (let round = 0; round < 3; round += 1) {
    await setImmediate();
    collect();
  }
}

test('a logout ends a hanging token request, whatever has been collected meanwhile', async () => {
  const { clock, server, session } = createWorld();
  const alice = session().session;
  server.fault = () => new Promise(() => {});
  const login = alice.login();
  login.catch(() => {});
  await clock.advance(100);
  expect(server.inFlight).toBe(1);
  await collectGarbage();
  await alice.logout();
  await clock.advance(0);
  expect(server.inFlight).toBe(0);
  await expect(login).rejects.toMatchObject({ code: 'LOGGED_OUT' });
});
