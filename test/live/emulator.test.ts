import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedEmulator, SignalingEmulator, serveEmulator } from '../../src/emulator/index.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { ONLINE_CONTRACT } from './online-contract.js';
import { type OnlinePage, startOnlinePage } from './online-page.js';

const appId = '970ca35de60c44645bbae8a215061b33';
const appCertificate = '5cfd2fd1755d40ecb72977518be15d3b';
const STEP_MS = 500;
const SOCKET_MS = 15;

let served: ServedEmulator | undefined;
let online: OnlinePage | undefined;

beforeAll(async () => {
  const clock = new VirtualClock();
  const emulator = new SignalingEmulator({ appId, appCertificate, clock });
  served = await serveEmulator(emulator, { origins: ['*'] });
  online = await startOnlinePage({ appId, appCertificate, now: () => Math.floor(clock.now() / 1000) });
  const { page } = online;
  await page.clock.install({ time: clock.now() - 1000 });
  // Service and page share a time that passes in moments; what they send each other crosses a real socket, which takes a little.
  await online.open(served.url, async (ms) => {
    for (let left = ms; left > 0; left -= STEP_MS) {
      await clock.advance(Math.min(STEP_MS, left));
      await page.clock.runFor(Math.min(STEP_MS, left));
      await sleep(SOCKET_MS);
    }
  });
  await page.clock.pauseAt(clock.now());
}, 300_000);

afterAll(async () => {
  await online?.close();
  await served?.close();
});

describe('the emulator, served to a page', () => {
  it.each(ONLINE_CONTRACT.map(({ title, expected }, index) => ({ title, expected, index })))(
    '$title',
    async ({ index, expected }) => {
      expect(await online?.observe(index)).toEqual(expected);
    },
    60_000,
  );
});
