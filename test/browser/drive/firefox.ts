import puppeteer, { type Page } from 'puppeteer-core';
import type { DrivenBrowser, Tab } from './driven-browser.js';
import { findProgram, installFromDebian } from './install.js';

const NAMES = ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'];

/** Firefox over WebDriver BiDi. */
export async function driveFirefox(): Promise<DrivenBrowser> {
  const executablePath = ensureFirefox();
  if (!executablePath) throw new Error('There is no Firefox.');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    defaultViewport: { width: 1440, height: 1000 },
  });
  return {
    async open(url) {
      const page = await browser.newPage();
      await page.goto(url);
      return tabOf(page);
    },
    close: () => browser.close(),
  };
}

/** The path of a Firefox: `FIREFOX_PATH`, or the system's, or Debian's, which is installed where it can be; else null. */
export function ensureFirefox(): string | null {
  const find = (): string | null => findProgram(...(process.env.FIREFOX_PATH ? [process.env.FIREFOX_PATH] : NAMES));
  const found = find();
  if (!found) installFromDebian('firefox-esr');
  return found ?? find();
}

function tabOf(page: Page): Tab {
  return {
    run: (act: (argument: never) => unknown, argument?: unknown) =>
      page.evaluate(act as never, argument) as Promise<never>,
    close: () => page.close(),
  };
}
