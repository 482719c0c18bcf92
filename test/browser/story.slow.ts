import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { tabOf } from './drive/chromium.js';
import { StoryPage, type StorySite, serveStory } from './story-page.js';
import { expectStory } from './story-told.js';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let browser: Browser;
let site: StorySite;

beforeAll(async () => {
  [browser, site] = await Promise.all([launchChromium(), serveStory()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await site?.close();
}, 60_000);

const open = (search: string = '', look: BrowserContextOptions = {}): Promise<StoryPage> =>
  StoryPage.open(browser, `${site.url}${search}`, look);

/** What axe finds. */
async function faults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.addScriptTag({ path: axePath });
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    const { violations } = await axe.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
  });
}

/** How many colours a picture has, and the share of the commonest. */
async function coloursOf(page: Page): Promise<{ colours: number; commonest: number }> {
  const picture = (await page.screenshot()).toString('base64');
  return page.evaluate(async (data) => {
    const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    const pixels = new Uint32Array(
      context?.getImageData(0, 0, image.width, image.height).data.buffer ?? new ArrayBuffer(0),
    );
    const counts = new Map<number, number>();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return { colours: counts.size, commonest: Math.max(...counts.values()) / pixels.length };
  }, picture);
}

describe('the story in a static page', { timeout: 120_000 }, () => {
  it('plays by itself, and ends with nothing lost on the one side and a page offline for good on the other', async () => {
    const story = await open('?speed=5');
    const { page, errors } = story;
    await expectStory(tabOf(page), async (moment) => {
      expect(await faults(page), moment).toEqual([]);
      const { colours, commonest } = await coloursOf(page);
      expect(colours, moment).toBeGreaterThan(100);
      expect(commonest, moment).toBeLessThan(0.9);
    });
    const panel = page.locator('agora-session-devtools');
    await expect.poll(() => panel.locator('.bar.gap').count()).toBeGreaterThan(0);
    await expect
      .poll(() => panel.getByRole('row').filter({ hasText: 'recovering: the token lapsed' }).count())
      .toBeGreaterThan(0);
    expect(await page.locator('#live').isVisible()).toBe(false);

    await page.getByRole('button', { name: 'Play again' }).click();
    await expect.poll(() => story.text('#caption')).toMatch(/^Two pages log in/);
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe('again');
    expect(errors).toEqual([]);
    await page.close();
  });

  it('keeps speed and troubles in its address, and begins as the address says', async () => {
    const story = await open();
    const { page, errors } = story;
    await page.getByRole('radio', { name: '×30' }).check();
    await page.keyboard.press('3');
    await page.keyboard.press('8');
    await page.waitForURL('**/?speed=30&trouble=tokens-down%2Chidden-tab');
    await page.reload();
    await expect.poll(() => page.getByRole('radio', { name: '×30' }).isChecked()).toBe(true);
    for (const name of [/Token server down/, /Hide the tabs/]) {
      await expect.poll(() => page.getByRole('button', { name }).getAttribute('aria-pressed')).toBe('true');
    }
    await page.locator('#carol').getByText('offline: its one try to log in failed').waitFor();
    // Tokens come again: who was logging in is in, and who gave up is not.
    await page.keyboard.press('8');
    await page.keyboard.press('3');
    await page.locator('#alice').getByText('stage: joined').waitFor();
    await expect.poll(() => story.text('#carol .place-state .text')).toMatch(/^offline/);
    expect(errors).toEqual([]);
    await page.close();
  });

  it('is played with keys, and stops what is clicked', async () => {
    const story = await open();
    const { page, errors } = story;
    await page.keyboard.press(' ');
    await expect.poll(() => story.text('#play')).toBe('Play');
    await page.keyboard.press(' ');
    await expect.poll(() => story.text('#play')).toBe('Pause');
    for (let key = 1; key <= 8; key += 1) {
      await page.keyboard.press(String(key));
      await expect.poll(() => story.text('#trouble-note'), { message: `key ${key}` }).not.toBe('');
    }
    for (const key of ['4', '5', '7', '8']) await page.keyboard.press(key);
    await page.getByRole('button', { name: /^Token server\b.*up/ }).waitFor();

    await page.getByRole('button', { name: /^Network/ }).click();
    await page.getByText('cut: click to mend it').waitFor();
    await page.locator('line.hit[data-link="network signaling"]').dispatchEvent('click');
    await page.getByText('up: click to cut it').waitFor();
    // A pointer beside the thin line finds it too.
    const line = await page.locator('line.hit[data-link="byHand network"]').boundingBox();
    const box = await page.locator('#network').boundingBox();
    if (!line || !box) throw new Error('The picture has no network.');
    await page.mouse.click(box.x - 30, line.y + line.height / 2 + 6);
    await page.getByText('cut: click to mend it').waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('stops Signaling and starts it again by a click anywhere on its box', async () => {
    const story = await open('?speed=5');
    const { page, errors } = story;
    const box = page.locator('#signaling');
    const trouble = page.getByRole('button', { name: /Stop Signaling/ });
    await page.locator('#alice').getByText('stage: joined').waitFor();
    const clickOnLogins = async (): Promise<void> => {
      const { x, y, width, height } = (await box.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      await page.mouse.click(x + width / 2, y + height - 8);
    };
    await clickOnLogins();
    await box.getByText('stopped: click to start it').waitFor();
    await expect.poll(() => trouble.getAttribute('aria-pressed')).toBe('true');
    await page
      .locator('#alice')
      .getByText(/^link down/)
      .waitFor();

    await clickOnLogins();
    await box.getByText('up: click to stop it').waitFor();
    await expect.poll(() => trouble.getAttribute('aria-pressed')).toBe('false');
    await page.locator('#alice').getByText('connected', { exact: true }).waitFor();
    expect(errors).toEqual([]);
    await page.close();
  });

  it('never lets the focus fall to the body', async () => {
    const story = await open('?speed=5');
    const { page, errors } = story;
    const focused = (): Promise<string | undefined> => page.evaluate(() => document.activeElement?.id);
    await page.locator('#alice').getByText('stage: joined').waitFor();
    await page.keyboard.press('6');
    await page.getByRole('button', { name: 'Use it here' }).press('Enter');
    await page.locator('#alice').getByText('connected').waitFor();
    await expect.poll(focused).toBe('alice');

    await page.keyboard.press('3');
    await page.keyboard.press('1');
    const reload = page.getByRole('button', { name: 'Reload her page' });
    await reload.waitFor();
    await page.keyboard.press('3');
    await reload.press('Enter');
    await page.locator('#carol').getByText('connected').waitFor();
    await expect.poll(focused).toBe('carol');

    await page.getByRole('button', { name: 'Code' }).press('Enter');
    await expect.poll(focused).toBe('close-code');
    await page.keyboard.press('Escape');
    await expect.poll(focused).toBe('show-code');
    expect(errors).toEqual([]);
    await page.close();
  });

  it('leaves the lanes in view beside the troubles, in a narrow window', async () => {
    const story = await open('?speed=5', { viewport: { width: 860, height: 900 } });
    const { page } = story;
    await story.pauseAt('Time to renew');
    await page.keyboard.press('3');
    const bottoms = (selector: string): Promise<number[]> =>
      page
        .locator(`agora-session-devtools ${selector}`)
        .evaluateAll((found) => found.map((one) => one.getBoundingClientRect().bottom));
    const barTop = (): Promise<number> => page.locator('#trouble').evaluate((bar) => bar.getBoundingClientRect().top);
    const top = await barTop();
    expect((await bottoms('.name')).filter((bottom) => bottom < top).length).toBeGreaterThanOrEqual(3);

    // All of them where one looks at them in a low window.
    await page.setViewportSize({ width: 860, height: 700 });
    await page.locator('#time').evaluate((card) => card.scrollIntoView());
    expect(Math.max(...(await bottoms('.stage')))).toBeLessThan(await barTop());
    await page.close();
  });

  it('has all troubles in one line of a window of 1280', async () => {
    const { page } = await open('?speed=5', { viewport: { width: 1280, height: 800 } });
    const buttons = await page.locator('#troubles button').all();
    const tops = await Promise.all(buttons.map(async (button) => (await button.boundingBox())?.y));
    expect(buttons).toHaveLength(9);
    expect(new Set(tops).size).toBe(1);
    await page.close();
  });

  it('fits on a phone, with the troubles in view', async () => {
    const story = await open('?speed=5', { viewport: { width: 390, height: 844 } });
    const { page } = story;
    await story.pauseAt('Time to renew');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    for (const place of await page.locator('.place').all()) {
      expect(
        await place.evaluate((box) => box.scrollWidth - box.clientWidth),
        (await place.getAttribute('id')) ?? '',
      ).toBeLessThan(1);
    }
    const bar = await page.locator('#trouble').boundingBox();
    expect((bar?.y ?? 844) + (bar?.height ?? 844)).toBeLessThanOrEqual(844);
    expect(bar?.height).toBeLessThan(90);
    await page.getByRole('button', { name: /Hide the tabs/ }).press('Enter');
    await expect
      .poll(() => page.getByRole('button', { name: /Hide the tabs/ }).getAttribute('aria-pressed'))
      .toBe('true');
    await page.close();
  });

  it('tells the story without anything that travels, where motion is not wanted', async () => {
    const still = await open('?speed=5', { reducedMotion: 'reduce' });
    const moving = await open('?speed=5');
    await moving.page.locator('.parcel').first().waitFor({ state: 'attached' });
    await still.page
      .locator('#alice')
      .getByText(/bob: \d/)
      .waitFor();
    expect(await still.page.locator('.parcel').count()).toBe(0);
    await expect.poll(() => still.text('#caption')).not.toBe('');
    await still.page.close();
    await moving.page.close();
  });

  it.each([
    ['light', {}],
    ['dark', { colorScheme: 'dark' }],
    ['on a phone', { viewport: { width: 390, height: 844 } }],
    ['dark on a phone', { viewport: { width: 390, height: 844 }, colorScheme: 'dark' }],
  ] as const)('gives axe nothing to find: %s', async (_name, look) => {
    const story = await open('?speed=5', look);
    const { page } = story;
    await story.pauseAt('Time to renew');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Code' }).click();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    for (let key = 1; key <= 8; key += 1) {
      await page.keyboard.press(String(key));
      expect(await faults(page), `trouble ${key}`).toEqual([]);
    }
    await page.close();
  });
});
