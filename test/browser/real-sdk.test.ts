import { fileURLToPath } from 'node:url';
import { buildRtmToken } from 'agora-session/server';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { APP_CERTIFICATE, APP_ID } from '../support/tokens.js';
import { type BuiltPage, servePage } from './contract/page-server.js';

let browser: Browser;
let site: BuiltPage;
let page: Page;
const printed: string[] = [];

beforeAll(async () => {
  [browser, site] = await Promise.all([
    launchChromium(),
    servePage(fileURLToPath(new URL('./real-sdk/page.ts', import.meta.url))),
  ]);
  page = await browser.newPage();
  page.on('console', (message) => printed.push(message.text()));
  // Nothing but the page's own files is there: the SDK finds no network.
  await page.route('**', (route) => (route.request().url().startsWith(site.origin) ? route.continue() : route.abort()));
  await page.routeWebSocket('**', (socket) => socket.close());
  await page.goto(site.origin);
  await page.locator('body[data-ready]').waitFor({ state: 'attached' });
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const logIn = (userId: string, ...tokens: string[]) =>
  page.evaluate((login) => window.logIn(login), { appId: APP_ID, userId, tokens, timeoutMs: 3_000 });
const tokenOf = (userId: string): string =>
  buildRtmToken({ appId: APP_ID, appCertificate: APP_CERTIFICATE, userId, expiresInSeconds: 600 });

describe('a session on agora-rtm-sdk itself, without a network', () => {
  it('loads the SDK, and its login rejects in time, which the SDK’s own would not', async () => {
    const ended = await logIn('alice', tokenOf('alice'));
    expect(ended).toMatchObject({ code: 'LOGIN_TIMEOUT', states: ['connecting', 'idle'], hasClient: true });
    expect(ended.links[0]).toBe('CONNECTING LOGIN');
  });

  it('uses the user’s client again, where a second one would be refused (-10027)', async () => {
    expect(await logIn('alice', tokenOf('alice'))).toMatchObject({ code: 'LOGIN_TIMEOUT' });
  });

  it('stops when the SDK refuses a fresh token twice in a row', async () => {
    const ended = await logIn('bob', '0'.repeat(32), '1'.repeat(32));
    expect(ended).toMatchObject({ code: 'TOKEN_REJECTED', states: ['connecting', 'failed', 'idle'] });
    expect(ended.links.filter((link) => link === 'FAILED INVALID_TOKEN')).toHaveLength(2);
  });

  it('shows the SDK no token that is for somebody else', async () => {
    const ended = await logIn('carol', tokenOf('alice'));
    expect(ended).toMatchObject({ code: 'TOKEN_MISMATCH', links: [], hasClient: false });
  });

  it('prints no token', () => {
    expect(printed.join('\n')).not.toMatch(/007[A-Za-z0-9+/]{40}/);
  });
});
