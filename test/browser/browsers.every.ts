import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureChromium } from '../support/chromium.js';
import { type BuiltPage, servePage } from './contract/page-server.js';
import { CONTRACT } from './contract/sdk-contract.js';
import { contractSetting, SUBJECTS } from './contract/setting.js';
import { driveChromium } from './drive/chromium.js';
import { becomesTrue, type DrivenBrowser, type Tab } from './drive/driven-browser.js';
import { driveFirefox, ensureFirefox } from './drive/firefox.js';
import { driveWebKit, ensureWebKit } from './drive/webkit.js';
import { type StorySite, serveStory } from './story-page.js';
import { tabStories } from './tabs/stories.js';

interface Kind {
  readonly name: string;
  readonly isThere: boolean;
  readonly launch: () => Promise<DrivenBrowser>;
}

const KINDS: readonly Kind[] = [
  { name: 'Chromium', isThere: ensureChromium() !== '', launch: driveChromium },
  { name: 'Firefox', isThere: ensureFirefox() !== null, launch: driveFirefox },
  { name: 'WebKit', isThere: ensureWebKit() !== null, launch: driveWebKit },
];

for (const { name, isThere, launch } of KINDS) {
  if (!isThere)
    console.warn(`\nNOT TESTED: ${name} is not here and cannot be installed; what it would do counts as skipped.\n`);
  describe.skipIf(!isThere)(`in ${name}`, () => {
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
    const says = (beginning: string): Promise<void> =>
      becomesTrue(
        page,
        (start) => document.querySelector('#caption')?.textContent?.startsWith(start) === true,
        beginning,
        120_000,
      );
    await says('Time to renew');
    await says('That is what agora-session is for');
    const told = await page.run(() => {
      const text = (selector: string): string => document.querySelector(selector)?.textContent ?? '';
      const panel = document.querySelector('agora-session-devtools')?.shadowRoot;
      return {
        alice: [text('#alice .place-state .text'), text('#alice .avoidable'), text('#alice .missed')],
        carol: text('#carol .place-state .text'),
        carolMissed: Number.parseInt(text('#carol .missed'), 10),
        lanes: [...(panel?.querySelectorAll('.name b') ?? [])].map((lane) => lane.textContent),
      };
    });
    expect(told.alice).toEqual(['connected', '0 s', '0']);
    expect(told.carol).toBe('offline: its one try to log in failed');
    expect(told.carolMissed).toBeGreaterThan(5);
    expect(told.lanes).toEqual(expect.arrayContaining(['state', 'login token', 'requests']));
    await page.close();
  }, 300_000);
}
