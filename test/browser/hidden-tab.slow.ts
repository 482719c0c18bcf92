import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPage, servePage } from './contract/page-server.js';
import { launchUserLikeChromium, type UserLikeChromium } from './hidden-tab/user-like-chromium.js';

let chromium: UserLikeChromium;
let site: BuiltPage;

beforeAll(async () => {
  [chromium, site] = await Promise.all([
    launchUserLikeChromium(),
    servePage(fileURLToPath(new URL('./hidden-tab/page.ts', import.meta.url))),
  ]);
}, 120_000);
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

async function open(contentSecurityPolicy?: string): Promise<Page> {
  const page = await chromium.profile.newPage();
  await page.goto(site.origin);
  await page.locator('body[data-ready]').waitFor({ state: 'attached' });
  if (contentSecurityPolicy !== undefined) await page.evaluate(setPolicy, contentSecurityPolicy);
  return page;
}

function setPolicy(content: string): void {
  document.head.append(
    Object.assign(document.createElement('meta'), { httpEquiv: 'Content-Security-Policy', content }),
  );
}

/** Puts another tab before it. */
async function hide(page: Page): Promise<void> {
  const other = await chromium.profile.newPage();
  await other.bringToFront();
  await waitUntil(() => page.evaluate(() => document.visibilityState === 'hidden'));
}

/** Asked from outside, since a page's own polling is slowed down with it. */
async function waitUntil(holds: () => Promise<boolean>): Promise<number> {
  const start = performance.now();
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 50));
  return performance.now() - start;
}

describe('in a hidden tab, whose own timers fire once a minute', { timeout: 120_000 }, () => {
  it('120 subscriptions are made as fast as 15 a second allow, which plain timers keep waiting', async () => {
    const page = await open();
    await hide(page);
    await waitUntil(() => page.evaluate(() => window.sinceTick() > 5_000));
    await page.evaluate(async () => {
      await window.subscribe('alice', 120, 'prompt');
      await window.subscribe('bob', 120, 'plain');
    });
    const tookMs = await waitUntil(() => page.evaluate(() => window.subscribed.alice === 120));
    const bob = await page.evaluate(() => window.subscribed.bob);
    expect(tookMs).toBeLessThan(10_000);
    expect(bob).toBeLessThan(120);
    expect(page.workers()).toHaveLength(1);
  });

  it('they are made where a policy forbids workers, too, at the pace of plain timers', async () => {
    const page = await open("worker-src 'none'");
    await hide(page);
    await page.evaluate(() => window.subscribe('carol', 40, 'prompt'));
    await waitUntil(() => page.evaluate(() => window.subscribed.carol === 40));
    expect(page.workers()).toEqual([]);
  });
});
