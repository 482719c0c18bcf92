import { ensureChromium } from '../../support/chromium.js';
import { driveChromium } from './chromium.js';
import type { DrivenBrowser } from './driven-browser.js';
import { driveFirefox, ensureFirefox } from './firefox.js';
import { driveWebKit, ensureWebKit } from './webkit.js';

/** A kind of browser that the stories are tried in. */
export interface Kind {
  readonly name: 'Chromium' | 'Firefox' | 'WebKit';
  /** Finds or installs it; throws a `NoBrowserError` where neither can be. */
  readonly ensure: () => unknown;
  readonly launch: () => Promise<DrivenBrowser>;
}

export const KINDS: readonly Kind[] = [
  { name: 'Chromium', ensure: ensureChromium, launch: driveChromium },
  { name: 'Firefox', ensure: ensureFirefox, launch: driveFirefox },
  { name: 'WebKit', ensure: ensureWebKit, launch: driveWebKit },
];
