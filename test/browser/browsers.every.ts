import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type BuiltPage, servePage } from './contract/page-server.js';
import { CONTRACT } from './contract/sdk-contract.js';
import { contractSetting, SUBJECTS } from './contract/setting.js';
import { becomesTrue, type DrivenBrowser, type Tab } from './drive/driven-browser.js';
import { KINDS } from './drive/kinds.js';
import { type StorySite, serveStory } from './story-page.js';
import { expectStory } from './story-told.js';
import { tabStories } from './tabs/stories.js';

const absent = inject('absentBrowsers');

for (const { name, launch } of KINDS) {
  describe.skipIf(absent.includes(name))(`in ${name}`, () => {
    describe('tabs', () => tabStories(launch));
    describe('the contract', () => contractIn(launch));
    describe('the story of the demo', () => storyIn(launch));
  });
}

function contractIn(launch: () => Promise<DrivenBrowser>): void {
  let browser: DrivenBrowser;
  let site: BuiltPage;

  beforeAll(async () => {
    const entry = fileURLToPath(new URL('./contract/page-in-any-browser.ts', import.meta.url));
    [browser, site] = await Promise.all([launch(), servePage(entry, { treeshake: false })]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  describe.each(SUBJECTS)('%s without a network', (_, subject) => {
    let page: Tab;
    beforeAll(async () => {
      page = await browser.open(site.origin);
      await becomesTrue(page, () => 'openContract' in window, null, 30_000);
      await page.run(({ subject, setting }) => window.openContract(subject, setting), {
        subject,
        setting: contractSetting(),
      });
    }, 60_000);
    afterAll(() => page?.close());

    it.each(CONTRACT.map(({ title, expected }, index) => ({ title, expected, index })))(
      '$title',
      async ({ expected, index }) => {
        expect(await page.run((nth) => window.observeCase(nth), index)).toEqual(expected);
      },
      60_000,
    );
  });
}

function storyIn(launch: () => Promise<DrivenBrowser>): void {
  let browser: DrivenBrowser;
  let site: StorySite;

  beforeAll(async () => {
    [browser, site] = await Promise.all([launch(), serveStory()]);
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  it('ends with nothing lost on the one side and a page offline for good on the other', async () => {
    const page = await browser.open(`${site.url}?speed=5`);
    await expectStory(page);
    await page.close();
  }, 300_000);
}
