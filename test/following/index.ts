import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPackage } from '../runtimes/frameworks.js';
import { launchChromium } from '../support/chromium.js';
import { serveAgora } from './agora.js';
import { type Followed, follow } from './reader.js';

// Follows README and the pages of Start as their readers do: each in an empty folder, with its commands and files as they stand there, and
// looks at the apps in Chromium. What is not as in the page: the package is the packed one, what the reader fills in is a project of the
// tests, port 3000 is a free one, and Signaling is a local one where the app would reach Agora's. Parts of a page's name on the command line
// choose among them: `npm run test:following -- next`.

/** A second page of the development server, and what the first one shows then. */
const SECOND_USER = { path: '/?user=bob', shows: 'bob: hello' };

const PAGES: readonly Followed[] = [
  { page: 'README.md', heading: 'Start', shows: ['connected'], servers: 2, built: 'dist' },
  { page: 'docs/start/vite.md', shows: ['connected'], second: SECOND_USER, servers: 2, built: 'dist' },
  { page: 'docs/start/next.md', shows: ['connected'], servers: 2, built: '.next/static' },
  { page: 'docs/start/no-framework.md', shows: ['connecting connected'], servers: 1, built: 'public' },
];

const wanted = process.argv.slice(2);
const chosen = PAGES.filter(({ page }) => wanted.length === 0 || wanted.some((part) => page.includes(part)));
const root = fileURLToPath(new URL('../..', import.meta.url));
const desk = {
  pack: await packPackage(root, join(tmpdir(), 'agora-session-following-pack')),
  browser: await launchChromium(),
  agora: await serveAgora(),
};
let failed = 0;
for (const followed of chosen) {
  try {
    await follow(followed, desk);
    console.log(`${followed.page}: followed`);
  } catch (error) {
    failed += 1;
    console.log(`${followed.page}: FAILED ${error instanceof Error ? error.message : error}`);
  }
}
await desk.browser.close();
await desk.agora.close();
console.log(`\n${chosen.length - failed} passed, ${failed} failed`);
if (failed > 0 || chosen.length === 0) process.exitCode = 1;
