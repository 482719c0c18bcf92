import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { ensureChromium } from '../../support/chromium.js';
import { freePort } from '../../support/free-port.js';

/** Playwright keeps its pages awake with these. */
const NEVER_ASLEEP = [
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

/** A Chromium whose tabs in the background are hidden and slowed down, as a user's are. */
export interface UserLikeChromium {
  readonly profile: BrowserContext;
  close(): Promise<void>;
}

/** Starts one. Its timers of a hidden page fire once a minute after ten seconds instead of five minutes. */
export async function launchUserLikeChromium(): Promise<UserLikeChromium> {
  const port = await freePort();
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    ignoreDefaultArgs: NEVER_ASLEEP,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      `--remote-debugging-port=${port}`,
      '--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/10',
    ],
  });
  return { profile: await ownProfile(port), close: () => browser.close() };
}

/** Of the pages that Playwright opens each believes that it has the focus, except in the browser's own profile without its defaults. */
async function ownProfile(port: number): Promise<BrowserContext> {
  const browser: Browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  const [profile] = browser.contexts();
  if (!profile) throw new Error('Chromium has no profile of its own.');
  return profile;
}
