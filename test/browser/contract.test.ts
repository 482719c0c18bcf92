import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { type BuiltPage, servePage } from './contract/page-server.js';
import { CONTRACT } from './contract/sdk-contract.js';
import { contractSetting, SUBJECTS } from './contract/setting.js';

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
    setting: contractSetting(),
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
