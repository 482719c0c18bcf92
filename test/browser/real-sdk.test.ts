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
const thrown: string[] = [];

beforeAll(async () => {
  [browser, site] = await Promise.all([
    launchChromium(),
    servePage(fileURLToPath(new URL('./real-sdk/page.ts', import.meta.url))),
  ]);
  page = await browser.newPage();
  page.on('pageerror', (error) => thrown.push(String(error)));
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

  it('is drawn by a panel: the attempt, the request, the SDK’s link, and how it failed', async () => {
    const ended = await logIn('dora', '0'.repeat(32), '1'.repeat(32), tokenOf('dora'));
    expect(ended).toMatchObject({ code: 'TOKEN_REJECTED' });
    const panel = page.locator('agora-session-devtools');
    await panel.getByRole('status').filter({ hasText: 'logged out' }).waitFor();
    const names = await panel.locator('.name b').allTextContents();
    expect(names).toEqual(expect.arrayContaining(['state', 'SDK link', 'login token', 'requests', 'decisions']));
    const rows = panel.getByRole('row');
    for (const hasText of [
      'logging in',
      'asks for login token',
      'link FAILED, INVALID_TOKEN',
      'failed: TOKEN_REJECTED',
    ])
      await rows.filter({ hasText }).first().waitFor();
    await rows.filter({ hasText: 'statefailed: TOKEN_REJECTED' }).click();
    await panel.locator('.why').filter({ hasText: 'it said' }).waitFor();
    expect(await panel.locator('.why').textContent()).toMatch(/SDK said.*INVALID_TOKEN.*remedy.*so it.*stop/s);
    const everything = await page.evaluate(() => {
      const panel = document.querySelector('agora-session-devtools');
      return `${panel?.shadowRoot?.innerHTML} ${JSON.stringify(panel?.recording)}`;
    });
    expect(everything).toContain('TOKEN_REJECTED');
    expect(everything).not.toMatch(/00[67][A-Za-z0-9+/]{20}/);
    for (const secret of ['0'.repeat(32), '1'.repeat(32), APP_ID, APP_CERTIFICATE])
      expect(everything).not.toContain(secret);
    expect(thrown).toEqual([]);
  });

  it('prints no token', () => {
    expect(printed.join('\n')).not.toMatch(/007[A-Za-z0-9+/]{40}/);
  });
});
