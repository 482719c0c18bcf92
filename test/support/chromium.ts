import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { chosenProgram, findProgram, installFromDebian, NoBrowserError, runInstaller } from './install.js';

const NAMES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
];

// The tests' own pages are all that is asked for; without these flags Chromium also calls home.
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts a Chromium for a test; installs one where none is found. */
export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: ensureChromium(), args: FLAGS });
}

/**
 * The path of a Chromium: `CHROMIUM_PATH`, the system's, or Playwright's; where there is none, one is installed.
 *
 * @throws NoBrowserError that says what to do where that does not work either.
 */
export function ensureChromium(): string {
  const found = findChromium() ?? installChromium();
  if (found) return found;
  throw new NoBrowserError(
    'The browser tests need Chromium, and neither was one found nor could one be installed: install Chromium or Chrome, or set CHROMIUM_PATH to its executable.',
  );
}

function findChromium(): string | null {
  return chosenProgram('CHROMIUM_PATH') ?? findProgram(...NAMES, chromium.executablePath());
}

function installChromium(): string | null {
  console.log('No Chromium found; installing one for the browser tests …');
  const playwright = dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'));
  runInstaller(process.execPath, [join(playwright, 'cli.js'), 'install', 'chromium']);
  const found = findChromium();
  if (found) return found;
  installFromDebian('chromium');
  return findChromium();
}
