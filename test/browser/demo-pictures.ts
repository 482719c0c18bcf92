import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { BrowserContextOptions } from 'playwright-core';
import { launchChromium } from '../support/chromium.js';
import { MOMENTS, StoryPage, serveStory } from './story-page.js';

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 } };
/** Looks in which the moment of the recovery is kept too. */
const LOOKS: readonly { readonly name: string; readonly look: BrowserContextOptions }[] = [
  { name: 'dark', look: { colorScheme: 'dark' } },
  { name: 'phone', look: PHONE },
  { name: 'phone-dark', look: { ...PHONE, colorScheme: 'dark' } },
  { name: 'reduced-motion', look: { reducedMotion: 'reduce' } },
];

const folder = fileURLToPath(new URL('../../docs/images/demo/', import.meta.url));
await mkdir(folder, { recursive: true });
const [browser, site] = await Promise.all([launchChromium(), serveStory()]);

async function keep({ page }: StoryPage, name: string): Promise<void> {
  const picture = await page.screenshot();
  await writeFile(`${folder}${name}.png`, picture);
  console.log(`${name}.png ${Math.round(picture.length / 1000)} kB`);
}

try {
  const story = await StoryPage.open(browser, `${site.url}?speed=5`);
  for (const { name, sentence } of MOMENTS) {
    await story.pauseAt(sentence);
    await keep(story, name);
  }
  await story.page.close();
  for (const { name, look } of LOOKS) {
    const other = await StoryPage.open(browser, `${site.url}?speed=5`, look);
    await other.pauseAt('Carol is still offline');
    await keep(other, name);
    await other.page.close();
  }
} finally {
  await browser.close();
  await site.close();
}
