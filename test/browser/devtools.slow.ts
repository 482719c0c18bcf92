import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { type BuiltPage, servePage } from './contract/page-server.js';

/** Minified and gzipped. */
const LIMIT_BYTES = 15_000;
const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser: Browser;
let site: BuiltPage;
const printed: string[] = [];

beforeAll(async () => {
  [browser, site] = await Promise.all([
    launchChromium(),
    servePage(fileURLToPath(new URL('./devtools/page.ts', import.meta.url))),
  ]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
});

interface Look {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  readonly reducedMotion?: 'reduce';
  readonly withRecorder?: boolean;
}

async function open({ width = 1280, withRecorder = true, ...look }: Look = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 900 }, ...look });
  page.on('console', (message) => printed.push(message.text()));
  page.on('pageerror', (error) => printed.push(String(error)));
  await page.goto(site.origin);
  await page.locator('body[data-ready]').waitFor({ state: 'attached' });
  await page.evaluate((options) => window.open(options as never), { lifeSeconds: 60, withRecorder });
  return page;
}

/** The line that is chosen, as those hear it who listen. */
const said = (page: Page): Promise<string> =>
  page.getByRole('grid', { name: 'Events' }).evaluate((grid) => {
    const id = grid.getAttribute('aria-activedescendant') ?? '';
    const row = (grid.getRootNode() as ShadowRoot).getElementById(id);
    if (row?.ariaSelected !== 'true') return '';
    return [...row.querySelectorAll('td')].map(({ textContent }) => textContent).join(': ');
  });
const why = (page: Page): Promise<string> => page.locator('agora-session-devtools .why').textContent().then(String);

describe('the panel', { timeout: 60_000 }, () => {
  it.each([true, false])('draws a session of its recorder or of the session alone (%s)', async (withRecorder) => {
    const page = await open({ withRecorder });
    await page.evaluate(() => window.tellStory());
    await page.getByRole('status').filter({ hasText: 'connected' }).waitFor();
    const panel = page.locator('agora-session-devtools');
    await panel.locator('.name').nth(6).waitFor();
    await expect
      .poll(() => panel.locator('.name b').allTextContents())
      .toEqual(['state', 'SDK link', 'login token', 'stage token', 'requests', 'decisions', 'stage', 'lobby']);
    await expect.poll(() => panel.locator('.bar.lapse').count()).toBe(2);
    await expect.poll(() => panel.locator('.plan').count()).toBe(2);
    await expect.poll(() => panel.locator('.mark.diamond').count()).toBeGreaterThan(0);
    await expect.poll(() => panel.locator('.bar.gap').count()).toBeGreaterThan(0);

    await panel.getByRole('row').filter({ hasText: 'recovering: the token lapsed' }).click();
    await expect.poll(() => why(page)).toMatch(/TOKEN_EXPIRED.*a fresh one is needed.*log in again.*connected after/s);
    const everything = await page.evaluate(() => {
      const { panel } = window.devtools;
      return `${panel.shadowRoot?.innerHTML} ${JSON.stringify(panel.recording)}`;
    });
    expect(everything).toContain('TOKEN_EXPIRED');
    expect(everything).not.toMatch(/007[A-Za-z0-9+/]{20}/);
    await page.close();
  });

  it('is moved through by the keyboard, in the table, and the picture moves along', async () => {
    const page = await open();
    await page.evaluate(() => window.tellStory());
    const table = page.getByRole('grid', { name: 'Events' });
    const live = page.getByRole('button', { name: 'Live' });
    await table.focus();
    await page.keyboard.press('Home');
    await expect.poll(() => said(page)).toBe('session: recording began, logged out');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => said(page)).toBe('state: logging in');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => said(page)).toContain('requests: asks for login token');
    await page.keyboard.press('ArrowUp');
    await expect.poll(() => said(page)).toBe('state: logging in');
    await page.keyboard.press('PageDown');
    await expect.poll(() => said(page)).not.toBe('state: logging in');
    await expect.poll(() => live.getAttribute('aria-pressed')).toBe('false');
    // The line is in sight, its moment is marked in the picture, and the focus stays where it was.
    const selected = page.getByRole('row', { selected: true });
    const [row, box] = await Promise.all([selected.boundingBox(), table.locator('..').boundingBox()]);
    if (!row || !box) throw new Error('Nothing is chosen.');
    expect(row.y).toBeGreaterThanOrEqual(box.y);
    expect(row.y + row.height).toBeLessThanOrEqual(box.y + box.height + 1);
    const line = await page.locator('agora-session-devtools .chosen-line').getAttribute('d');
    expect(Number(/^M([\d.-]+)/.exec(line ?? '')?.[1])).toBeGreaterThan(0);
    expect(await table.evaluate((grid) => grid === (grid.getRootNode() as ShadowRoot).activeElement)).toBe(true);

    await page.keyboard.press('End');
    await expect.poll(() => said(page)).toMatch(/restored|connected|subscribed|joined/);
    await page.keyboard.press('Escape');
    await expect.poll(() => live.getAttribute('aria-pressed')).toBe('true');
    await page.close();
  });

  it('is dragged back, says what is pointed at, and explains what is clicked', async () => {
    const page = await open();
    await page.evaluate(() => window.tellStory());
    const dot = page.locator('agora-session-devtools .mark.dot.bad .glyph').first();
    // The picture is drawn anew as it moves, so that a look may fall between two of its elements.
    const box = await vi.waitFor(async () => {
      const found = await dot.boundingBox();
      if (!found) throw new Error('There is no failed request.');
      return found;
    });
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.locator('agora-session-devtools .tip').filter({ hasText: 'TOKEN_REQUEST_FAILED' }).waitFor();
    await page.mouse.down();
    await page.mouse.up();
    await expect.poll(() => why(page)).toContain('requests: failed: TOKEN_REQUEST_FAILED');
    await page.mouse.down();
    await page.mouse.move(box.x + 200, box.y + 5, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => page.getByRole('button', { name: 'Live' }).getAttribute('aria-pressed')).toBe('false');
    await page.close();
  });

  it.each<Look>([
    { colorScheme: 'light' },
    { colorScheme: 'dark' },
    { colorScheme: 'dark', width: 390, reducedMotion: 'reduce' },
  ])('has nothing that axe finds, $colorScheme $width', async (look) => {
    const page = await open(look);
    await page.evaluate(() => window.tellStory());
    await page.getByRole('row').filter({ hasText: 'recovering: the token lapsed' }).click();
    await page.addScriptTag({ path: axePath });
    const found = await page.evaluate(async () => {
      const { axe } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: unknown[] }[] }> };
      };
      return (await axe.run()).violations.map(({ id, nodes }) => `${id} ${JSON.stringify(nodes).slice(0, 600)}`);
    });
    // The test's own page is no document with headings.
    expect(found.filter((one) => !/^(page-has-heading-one|heading-order)/.test(one))).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(
      0,
    );
    await page.close();
  });

  it('shows an export again, runs it, and says what is wrong with another file', async () => {
    const page = await open();
    await page.evaluate(() => window.tellStory());
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).click(),
    ]);
    const path = await download.path();
    await page.evaluate(() => window.open({ lifeSeconds: 60, withRecorder: false } as never));
    const input = page.locator('agora-session-devtools input[type=file]');
    await input.setInputFiles({ name: 'a.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
    await page.getByRole('alert').filter({ hasText: 'This is no recording' }).waitFor();
    await input.setInputFiles(path);
    await page.getByRole('row').filter({ hasText: 'recovering: the token lapsed' }).waitFor();
    await page.getByRole('button', { name: '100×' }).click();
    await page.getByRole('button', { name: 'Play' }).click();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await page.getByRole('row').filter({ hasText: 'recovering: the token lapsed' }).waitFor();
    await page.close();
  });

  it('asks for another speed', async () => {
    const page = await open();
    await page.evaluate(() => {
      const { panel } = window.devtools;
      panel.rates = [1, 5, 30];
      panel.addEventListener('ratechange', () => document.body.setAttribute('data-rate', String(panel.rate)));
    });
    await page.getByRole('button', { name: '30×' }).click();
    await page.locator('body[data-rate="30"]').waitFor();
    await page.close();
  });

  // What the browser needs to paint is left out: it depends on the machine, and grows with what is in view, not with what there is.
  it('makes a frame of ten thousand events in less than the time of a frame', async () => {
    const page = await open();
    await page.evaluate(() => window.tellLongStory());
    const frames = await page.evaluate(async () => {
      const surface = window.devtools.panel.shadowRoot?.querySelector('.surface');
      const took: number[] = [];
      for (let step = 0; step < 60; step++) {
        let start = 0;
        requestAnimationFrame(() => {
          start = performance.now();
        });
        surface?.dispatchEvent(new WheelEvent('wheel', { deltaX: step < 30 ? -120 : 120, cancelable: true }));
        // The panel draws between the two.
        await new Promise(requestAnimationFrame);
        took.push(performance.now() - start);
      }
      return took.sort((one, other) => one - other);
    });
    console.log(`frames while scrolling: median ${frames[30]?.toFixed(1)} ms, longest ${frames[59]?.toFixed(1)} ms`);
    expect(frames[30]).toBeLessThan(16);
    await page.close();
  });

  it('prints nothing but what the tests ask for', () => {
    expect(printed.filter((line) => !line.includes('404'))).toEqual([]);
  });
});

describe('its module', () => {
  it(`weighs at most ${LIMIT_BYTES / 1000} kB`, async () => {
    const input = fileURLToPath(new URL('../../src/devtools/index.ts', import.meta.url));
    const built = await build({
      configFile: false,
      logLevel: 'error',
      build: { write: false, minify: true, rolldownOptions: { input, preserveEntrySignatures: 'strict' } },
    });
    const [output] = [built].flat() as { output: readonly { code?: string }[] }[];
    const bytes = (output?.output ?? []).reduce((sum, { code = '' }) => sum + gzipSync(code, { level: 9 }).length, 0);
    expect(bytes).toBeGreaterThan(5_000);
    expect(bytes).toBeLessThanOrEqual(LIMIT_BYTES);
  });

  it('is imported where there are no elements', async () => {
    expect(typeof (await import('agora-session/devtools')).AgoraSessionDevtools).toBe('function');
  });
});
