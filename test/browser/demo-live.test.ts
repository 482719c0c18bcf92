import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeState } from '../../examples/demo/live/plain-words.js';
import { launchChromium } from '../support/chromium.js';
import { APP_CERTIFICATE, APP_ID } from '../support/tokens.js';
import { type DemoServer, startDemo } from './demo-server.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser: Browser;
let demo: DemoServer;
let page: Page;
const errors: string[] = [];
const asked: string[] = [];

beforeAll(async () => {
  [browser, demo] = await Promise.all([
    launchChromium(),
    startDemo({ AGORA_APP_ID: APP_ID, AGORA_APP_CERTIFICATE: APP_CERTIFICATE }),
  ]);
  const profile = await browser.newContext();
  // Nothing but the development server is there: the SDK finds no network.
  await profile.route('**', (route) => (route.request().url().startsWith(demo.url) ? route.continue() : route.abort()));
  await profile.routeWebSocket(
    (url) => url.origin !== new URL(demo.url).origin.replace('http', 'ws'),
    (socket) => socket.close(),
  );
  page = await profile.newPage();
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(demo.url);
  await page.locator('body[data-status=idle]').waitFor();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

/** The sentences of the page and the state in which they show, read at one moment. */
const shown = () =>
  page.evaluate(() => ({
    state: window.session.state,
    title: document.querySelector('#state-title')?.textContent,
    detail: document.querySelector('#state-detail')?.textContent,
    lobby: document.querySelector('#lobby .people')?.textContent,
    focus: document.activeElement?.tagName,
  }));

async function axe(): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: axePath });
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    return (await axe.run(document)).violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`);
  });
}

describe('the demo with a project at Agora', { timeout: 120_000 }, () => {
  it('leads to the page that talks to Agora, and says so', async () => {
    expect(page.url()).toBe(`${demo.url}live/`);
    expect(await page.locator('#service').textContent()).toBe(`Agora Signaling, project ${APP_ID.slice(0, 6)}…`);
    const { state, title, detail, lobby } = await shown();
    expect({ title, detail }).toEqual(describeState(state));
    expect(lobby).toBe('Closed');
    // What only the local Signaling can do is not offered.
    expect(await page.getByRole('button', { name: 'Cut the network' }).isVisible()).toBe(false);
    expect(await axe()).toEqual([]);
  });

  it('has a link for the second tab, with the other user', async () => {
    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: 'Open a second tab as bob' }).click();
    const second = await opened;
    await second.locator('body[data-status=idle]').waitFor();
    expect(second.url()).toBe(`${demo.url}live/?user=bob`);
    expect(await second.getByLabel('User name').inputValue()).toBe('bob');
    await second.close();
  });

  it('logs in with Agora’s SDK as far as it goes without a network, and what it says is true', async () => {
    await page.getByRole('button', { name: 'Log in', exact: true }).click();
    await page.locator('body[data-status=connecting]').waitFor();
    const patience = { timeout: 30_000 };
    await expect.poll(() => asked.filter((url) => url.includes('/api/agora/tokens')).length, patience).toBe(1);
    // The SDK looks for its servers, which it only does once it has a token.
    await expect.poll(() => asked.some((url) => !url.startsWith(demo.url)), patience).toBe(true);
    const { state, title, detail, lobby, focus } = await shown();
    expect(state).toEqual({ status: 'connecting' });
    expect({ title, detail }).toEqual(describeState(state));
    expect(lobby).toBe('Closed');
    expect(focus).not.toBe('BODY');
    expect(await axe()).toEqual([]);

    await page.getByRole('button', { name: 'Log out', exact: true }).click();
    await page.locator('body[data-status=idle]').waitFor();
    const after = await shown();
    expect({ title: after.title, detail: after.detail }).toEqual(describeState({ status: 'idle' }));
    expect(after.focus).not.toBe('BODY');
    expect(await axe()).toEqual([]);
  });

  it('shows no token and no certificate, in no address either', async () => {
    const everything = `${await page.content()} ${asked.join(' ')} ${demo.output}`;
    expect(everything).toContain(APP_ID.slice(0, 6));
    expect(everything).not.toMatch(/007[A-Za-z0-9+/%]{30}/);
    expect(everything).not.toContain(APP_CERTIFICATE);
    expect(errors).toEqual([]);
  });
});
