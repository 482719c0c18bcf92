import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPage, servePage } from '../browser/contract/page-server.js';
import { launchChromium } from '../support/chromium.js';
import { project } from './world.js';

const here = (path: string): string => fileURLToPath(new URL(`./in-page/${path}`, import.meta.url));

let chromium: Browser;
let site: BuiltPage;
let page: Page;

beforeAll(async () => {
  // Files of tests are imported for what they do, and lie below a package.json that says its files do nothing.
  const options = { aliases: { vitest: here('vitest.ts') }, treeshake: false };
  [chromium, site] = await Promise.all([launchChromium(), servePage(here('page.ts'), options)]);
  page = await chromium.newPage();
  await page.goto(site.origin);
  await page.waitForFunction(() => window.runTests !== undefined);
}, 120_000);
afterAll(async () => {
  await chromium?.close();
  await site?.close();
});

describe('in a page, the emulator', () => {
  it('does in process what it does in Node', { timeout: 300_000 }, async () => {
    const results = await page.evaluate(() => window.runTests());
    expect(results.filter(({ error }) => error !== null)).toEqual([]);
    expect(results.length).toBeGreaterThan(400);
  });

  it('takes no certificate, with or without its app ID, and does not repeat it', async () => {
    for (const options of [project, { appCertificate: project.appCertificate }]) {
      const refused = await page.evaluate((given) => window.handOver(given), options);
      expect(refused).toMatchObject({ code: 'INVALID_ARGUMENT' });
      expect(refused?.message).toMatch(/^appCertificate does not belong in a page/);
      expect(refused?.message).not.toContain(project.appCertificate);
    }
    expect(await page.evaluate((given) => window.handOver(given), { appId: project.appId })).toBeNull();
  });

  it('says that it cannot be served', async () => {
    expect((await page.evaluate(() => window.serve()))?.message).toMatch(/^serveEmulator\(\) listens on a port/);
  });
});
