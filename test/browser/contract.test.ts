import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildRtcToken, buildRtmToken } from '../../src/server/index.js';
import { launchChromium } from '../support/chromium.js';
import type { ContractSetting } from './contract/kit.js';
import { type BuiltPage, servePage } from './contract/page-server.js';
import { CONTRACT } from './contract/sdk-contract.js';

const appId = '970ca35de60c44645bbae8a215061b33';
const appCertificate = '5cfd2fd1755d40ecb72977518be15d3b';

/** Nothing listens there, and nothing would get there. */
const EMULATOR_WITHOUT_NETWORK = 'ws://127.0.0.1:9/signaling';

const SUBJECTS = [
  ['agora-rtm-sdk', 'agora-rtm-sdk'],
  ['the emulator’s client', EMULATOR_WITHOUT_NETWORK],
] as const;

type Result = { readonly observed: unknown } | { readonly error: unknown };

let browser: Browser | undefined;
let site: BuiltPage | undefined;
const results = new Map<string, Promise<Result>[]>();

beforeAll(async () => {
  [browser, site] = await Promise.all([
    launchChromium(),
    servePage(fileURLToPath(new URL('./contract/page.ts', import.meta.url))),
  ]);
  const { origin } = site;
  const pages = await Promise.all(SUBJECTS.map(() => openOfflinePage(browser as Browser, origin)));
  for (const [index, [, subject]] of SUBJECTS.entries()) {
    const page = pages[index];
    if (page) results.set(subject, observeAll(page, subject));
  }
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
});

describe.each(SUBJECTS)('%s without a network', (_, subject) => {
  it.each(CONTRACT.map(({ title, expected }, index) => ({ title, expected, index })))(
    '$title',
    async ({ expected, index }) => {
      const result = await results.get(subject)?.[index];
      if (result && 'error' in result) throw result.error;
      expect(result?.observed).toEqual(expected);
    },
    60_000,
  );
});

/** Both subjects run side by side; within one page the cases come one after the other, for they share its clock. */
function observeAll(page: Page, subject: string): Promise<Result>[] {
  let turn: Promise<unknown> = page.evaluate(({ subject, setting }) => window.openContract(subject, setting), {
    subject,
    setting: setting(),
  });
  return CONTRACT.map((_, index) => {
    const result = turn
      .then(() => page.evaluate((nth) => window.observeCase(nth), index))
      .then(
        (observed): Result => ({ observed }),
        (error: unknown): Result => ({ error }),
      );
    turn = result;
    return result;
  });
}

async function openOfflinePage(browser: Browser, origin: string): Promise<Page> {
  const context = await browser.newContext();
  await context.route(
    (url) => url.origin !== origin,
    (route) => route.abort('internetdisconnected'),
  );
  await context.routeWebSocket(/.*/, (socket) => socket.close());
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(origin);
  await page.clock.pauseAt(Date.now() + 1000);
  // The timers of the SDK, those of its workers included, obey Playwright's clock: minutes pass in moments.
  await page.exposeFunction('advance', (ms: number) => page.clock.runFor(ms));
  return page;
}

function setting(): ContractSetting {
  const app = { appId, appCertificate, expiresInSeconds: 600 };
  const issuedAt = Math.floor(Date.now() / 1000);
  return {
    appId,
    tokens: {
      alice: buildRtmToken({ ...app, userId: 'alice' }),
      'alice again': buildRtmToken({ ...app, userId: 'alice', expiresInSeconds: 700 }),
      bob: buildRtmToken({ ...app, userId: 'bob' }),
      lapsed: buildRtmToken({ ...app, userId: 'alice', issuedAt: issuedAt - 86_400 }),
      rtc: buildRtcToken({ ...app, userId: 'alice', channelName: 'stage' }),
      'other app': buildRtmToken({ ...app, appId: 'b'.repeat(32), userId: 'alice' }),
    },
  };
}
