import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { liveProject } from './live-project.js';
import { ONLINE_CONTRACT } from './online-contract.js';
import { type OnlinePage, startOnlinePage } from './online-page.js';

let online: OnlinePage | undefined;

beforeAll(async () => {
  online = await startOnlinePage({ ...liveProject(process.env), now: () => Math.floor(Date.now() / 1000) });
  await online.open('agora-rtm-sdk', (ms) => sleep(ms));
}, 300_000);

afterAll(() => online?.close());

describe('agora-rtm-sdk with Agora’s own service', () => {
  it.each(ONLINE_CONTRACT.map(({ title, expected }, index) => ({ title, expected, index })))(
    '$title',
    async ({ index, expected }) => {
      expect(await online?.observe(index)).toEqual(expected);
    },
    120_000,
  );
});
