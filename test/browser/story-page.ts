import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Moments of the story that are worth a picture, with the beginning of the sentence at which the story is paused. */
export const MOMENTS: readonly { readonly name: string; readonly sentence: string }[] = [
  { name: 'begin', sentence: 'Time to renew' },
  { name: 'server-down', sentence: 'A token falls' },
  { name: 'lapsed', sentence: 'What bob says now' },
  { name: 'recovered', sentence: 'Carol is still offline' },
  { name: 'end', sentence: 'That is what agora-session is for' },
];

/** The demo as `npm run demo:build` writes it, in a sub folder of a server that knows nothing but files. */
export interface StorySite {
  readonly url: string;
  close(): Promise<void>;
}

export async function serveStory(): Promise<StorySite> {
  const outDir = await mkdtemp(join(tmpdir(), 'story-'));
  // As its author builds it, and not in the tests' own mode.
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)('npm', ['run', 'demo:build', '--', '--outDir', outDir, '--emptyOutDir'], { env });
  const folder = '/docs/see it/';
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent((request.url ?? '').split('?', 1)[0] ?? '');
    const name = path === folder ? 'index.html' : path.slice(folder.length);
    const body = path.startsWith(folder) ? await readFile(join(outDir, name)).catch(() => null) : null;
    response.writeHead(body ? 200 : 404, { 'content-type': TYPES[extname(name)] ?? 'text/plain' }).end(body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${encodeURI(folder)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(outDir, { recursive: true });
    },
  };
}

/** The page of the story, as a visitor has it. */
export class StoryPage {
  readonly page: Page;
  /** What the browser complained of. */
  readonly errors: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => this.errors.push(String(error)));
  }

  static async open(browser: Browser, url: string, look: BrowserContextOptions = {}): Promise<StoryPage> {
    const story = new StoryPage(await browser.newPage({ viewport: { width: 1440, height: 1000 }, ...look }));
    await story.page.goto(url);
    await story.page.locator('#caption:not(:empty)').waitFor();
    return story;
  }

  async text(selector: string): Promise<string> {
    return (await this.page.locator(selector).textContent()) ?? '';
  }

  /** Lets the story go on, and pauses it as soon as it says a sentence that begins so. */
  async pauseAt(sentence: string): Promise<void> {
    await this.page.evaluate(pauseWhenItSays, sentence);
  }
}

/** Runs in a page: lets the story go on, pauses it at a sentence that begins so, and waits until all on show is of that moment. */
export async function pauseWhenItSays(beginning: string): Promise<void> {
  const caption = document.querySelector('#caption');
  const play = document.querySelector<HTMLButtonElement>('#play');
  if (!caption || !play) throw new Error('The page has no caption or nothing to play it with.');
  if (play.textContent === 'Play') play.click();
  await new Promise<void>((resolve) => {
    const observer = new MutationObserver(() => {
      if (!caption.textContent?.startsWith(beginning)) return;
      observer.disconnect();
      play.click();
      resolve();
    });
    observer.observe(caption, { childList: true, characterData: true, subtree: true });
  });
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
}
