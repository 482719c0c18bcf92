import puppeteer, { type Page } from 'puppeteer-core';
import { chosenProgram, findProgram, installFromDebian, NoBrowserError } from '../../support/install.js';
import type { DrivenBrowser, Tab } from './driven-browser.js';

const NAMES = ['firefox-esr', 'firefox', '/Applications/Firefox.app/Contents/MacOS/firefox'];

/** Firefox over WebDriver BiDi. */
export async function driveFirefox(): Promise<DrivenBrowser> {
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath: ensureFirefox(),
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

/**
 * The path of a Firefox: `FIREFOX_PATH`, or the system's, or Debian's, which is installed where it can be.
 *
 * @throws NoBrowserError where it cannot.
 */
export function ensureFirefox(): string {
  const found = findFirefox();
  if (found) return found;
  installFromDebian('firefox-esr');
  const installed = findFirefox();
  if (installed) return installed;
  throw new NoBrowserError(
    'Firefox is not here and could not be installed: install it, or set FIREFOX_PATH to its executable.',
  );
}

function findFirefox(): string | null {
  return chosenProgram('FIREFOX_PATH') ?? findProgram(...NAMES);
}

function tabOf(page: Page): Tab {
  return {
    run: (act: (argument: never) => unknown, argument?: unknown) =>
      page.evaluate(act as never, argument) as Promise<never>,
    close: () => page.close(),
  };
}
