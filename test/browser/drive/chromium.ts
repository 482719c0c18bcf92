import type { Page } from 'playwright-core';
import { launchChromium } from '../../support/chromium.js';
import type { DrivenBrowser, Tab } from './driven-browser.js';

/** Chromium, as every other test drives it. */
export async function driveChromium(): Promise<DrivenBrowser> {
  const browser = await launchChromium();
  const profile = await browser.newContext({ viewport: { width: 1440, height: 1000 } });
  return {
    async open(url) {
      const page = await profile.newPage();
      await page.goto(url);
      return tabOf(page);
    },
    close: () => browser.close(),
  };
}

/** A page of Playwright's as a tab. */
export function tabOf(page: Page): Tab {
  return {
    run: (act: (argument: never) => unknown, argument?: unknown) =>
      page.evaluate(act as never, argument) as Promise<never>,
    close: () => page.close(),
  };
}
