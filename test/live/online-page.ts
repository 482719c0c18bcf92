import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { buildRtcToken, buildRtmToken } from '../../src/server/index.js';
import { servePage } from '../browser/contract/page-server.js';
import { launchChromium } from '../support/chromium.js';
import type { MintToken } from './online-kit.js';

/** A project whose tokens the cases are run with. */
export interface Project {
  readonly appId: string;
  readonly appCertificate: string;
  /** The time of the tokens' issue, unix seconds. */
  readonly now: () => number;
}

/** A page in which the online cases can be run. */
export interface OnlinePage {
  /** Loads the SDK: `agora-rtm-sdk`, or an emulator's address. */
  open(subject: string, passTime: (ms: number) => Promise<void>): Promise<void>;
  observe(index: number): Promise<unknown>;
  readonly page: Page;
  close(): Promise<void>;
}

/** Starts Chromium with the page of the online cases. */
export async function startOnlinePage(project: Project): Promise<OnlinePage> {
  const [browser, site] = await Promise.all([
    launchChromium(),
    servePage(fileURLToPath(new URL('./page.ts', import.meta.url))),
  ]);
  const page = await browser.newPage();
  await page.exposeFunction('mintToken', minter(project));
  return {
    page,
    async open(subject, passTime) {
      await page.exposeFunction('passTime', passTime);
      await page.goto(site.origin);
      const setting = { appId: project.appId, prefix: `t${project.now().toString(36)}` };
      await page.evaluate(({ subject, setting }) => window.openOnline(subject, setting), { subject, setting });
    },
    observe: (index) => page.evaluate((nth) => window.observeOnline(nth), index),
    async close() {
      await browser.close();
      await site.close();
    },
  };
}

function minter({ appId, appCertificate, now }: Project): MintToken {
  return async (userId, expiresInSeconds, channelName) => {
    const common = { appId, appCertificate, userId, expiresInSeconds, issuedAt: now() };
    return channelName === undefined ? buildRtmToken(common) : buildRtcToken({ ...common, channelName });
  };
}
