import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import { MOMENTS, StoryPage, serveStory } from './story-page.js';

const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 776 } };
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 } };
/** Looks in which the moment of the recovery is kept too. */
const LOOKS: readonly { readonly name: string; readonly look: BrowserContextOptions }[] = [
  { name: 'dark', look: { ...DESK, colorScheme: 'dark' } },
  { name: 'phone', look: PHONE },
  { name: 'phone-dark', look: { ...PHONE, colorScheme: 'dark' } },
  { name: 'reduced-motion', look: { ...DESK, reducedMotion: 'reduce' } },
];

const folder = fileURLToPath(new URL('../../docs/images/demo/', import.meta.url));
await mkdir(folder, { recursive: true });
const [browser, site] = await Promise.all([launchChromium(), serveStory()]);

async function keep({ page }: StoryPage, name: string): Promise<void> {
  const picture = await page.screenshot();
  await writeFile(`${folder}${name}.png`, picture);
  console.log(`${name}.png ${Math.round(picture.length / 1000)} kB`);
}

async function keepMoments(): Promise<void> {
  const story = await StoryPage.open(browser, `${site.url}?speed=5`, DESK);
  for (const { name, sentence } of MOMENTS) {
    await story.pauseAt(sentence);
    await keep(story, name);
  }
  await story.page.close();
}

async function keepLook({ name, look }: (typeof LOOKS)[number]): Promise<void> {
  const story = await StoryPage.open(browser, `${site.url}?speed=5`, look);
  await story.pauseAt('Carol is still offline');
  await keep(story, name);
  await story.page.close();
}

try {
  // One after the other: a page that is played while others are drawn takes too long for a picture.
  await keepMoments();
  for (const look of LOOKS) await keepLook(look);
} finally {
  await browser.close();
  await site.close();
}
