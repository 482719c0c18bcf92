import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';
import { freePort } from '../../support/free-port.js';
import { findProgram, installFromDebian, NoBrowserError } from '../../support/install.js';
import type { DrivenBrowser, Tab } from './driven-browser.js';

/** The browser that WebKitGTK brings for its own tests; Debian has it beside the driver. */
const MINI_BROWSERS = ['x86_64', 'aarch64'].flatMap((processor) =>
  ['4.1', '4.0'].map((version) => `/usr/lib/${processor}-linux-gnu/webkit2gtk-${version}/MiniBrowser`),
);
const START_TIMEOUT_MS = 30_000;
/** A script may wait this long for what it looks at. */
const SCRIPT_TIMEOUT_MS = 180_000;

/** WebKit's GTK port over WebDriver, on a screen of its own that nobody sees. */
export async function driveWebKit(): Promise<DrivenBrowser> {
  const programs = ensureWebKit();
  const helpers: ChildProcess[] = [];
  const endHelpers = async (): Promise<void> => {
    for (const helper of helpers.reverse()) await end(helper);
  };
  try {
    const screen = spawn(programs.screen, ['-displayfd', '3', '-screen', '0', '1440x1100x24', '-nolisten', 'tcp'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    });
    helpers.push(screen);
    const display = await firstLine(screen);
    const port = await freePort();
    const driver = spawn(programs.driver, [`--port=${port}`], {
      env: { ...process.env, DISPLAY: `:${display}`, GDK_BACKEND: 'x11', LIBGL_ALWAYS_SOFTWARE: '1' },
      stdio: 'ignore',
    });
    helpers.push(driver);
    const browser = await openSession(`http://127.0.0.1:${port}`, programs.browser);
    const windows = new Windows(browser, await browser.getWindowHandle());
    return {
      open: (url) => windows.open(url),
      close: () => browser.quit().finally(endHelpers),
    };
  } catch (error) {
    await endHelpers();
    throw error;
  }
}

async function openSession(address: string, binary: string): Promise<WebDriver> {
  await answers(`${address}/status`);
  const browser = await new Builder()
    .usingServer(address)
    .withCapabilities(
      new Capabilities({
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary, args: ['--automation'] },
      }),
    )
    .build();
  await browser.manage().setTimeouts({ script: SCRIPT_TIMEOUT_MS });
  return browser;
}

async function end(helper: ChildProcess): Promise<void> {
  if (helper.exitCode !== null || helper.signalCode !== null) return;
  const ended = once(helper, 'exit');
  helper.kill();
  await ended;
}

interface Programs {
  readonly driver: string;
  readonly screen: string;
  readonly browser: string;
}

/**
 * The programs that it takes, of Debian's packages, which are installed where they can be.
 *
 * @throws NoBrowserError where they cannot.
 */
export function ensureWebKit(): Programs {
  const found = findWebKit();
  if (found) return found;
  installFromDebian('webkit2gtk-driver', 'xvfb');
  const installed = findWebKit();
  if (installed) return installed;
  throw new NoBrowserError(
    "WebKit is not here and could not be installed: it takes Debian's packages webkit2gtk-driver and xvfb.",
  );
}

function findWebKit(): Programs | null {
  const driver = findProgram('WebKitWebDriver');
  const screen = findProgram('Xvfb');
  const browser = findProgram(...MINI_BROWSERS);
  return driver && screen && browser ? { driver, screen, browser } : null;
}

async function firstLine(screen: ChildProcess): Promise<string> {
  const told = screen.stdio[3];
  if (!told) throw new Error('Xvfb has no channel to say its display on.');
  const [line] = await once(told, 'data', { signal: AbortSignal.timeout(START_TIMEOUT_MS) });
  return String(line).trim();
}

async function answers(url: string): Promise<void> {
  const signal = AbortSignal.timeout(START_TIMEOUT_MS);
  while (!signal.aborted) {
    if (await fetch(url, { signal }).catch(() => null)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('WebKitWebDriver does not answer.');
}

/** The driver has one window in hand at a time, so that what is done in each waits for the others. */
class Windows {
  readonly #browser: WebDriver;
  /** One that is never closed: from a closed one no other is opened. */
  readonly #first: string;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(browser: WebDriver, first: string) {
    this.#browser = browser;
    this.#first = first;
  }

  async open(url: string): Promise<Tab> {
    const handle = await this.#inTurn(async () => {
      await this.#browser.switchTo().window(this.#first);
      await this.#browser.switchTo().newWindow('window');
      await this.#browser.manage().window().setRect({ width: 1440, height: 1000 });
      await this.#browser.get(url);
      return this.#browser.getWindowHandle();
    });
    const within = <Result>(act: () => Promise<Result>): Promise<Result> =>
      this.#inTurn(async () => {
        await this.#browser.switchTo().window(handle);
        return act();
      });
    return {
      run: (act: (argument: never) => unknown, argument?: unknown) =>
        within(() => runScript(this.#browser, String(act), argument)) as Promise<never>,
      close: () => within(() => this.#browser.close()),
    };
  }

  #inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(act);
    this.#turn = result.catch(() => {});
    return result;
  }
}

type Outcome = { readonly json: string | null } | { readonly failed: string };

async function runScript(browser: WebDriver, act: string, argument: unknown): Promise<unknown> {
  const outcome = await browser.executeAsyncScript<Outcome>(
    `const [argument, done] = arguments;
    (async () => (${act})(argument))().then(
      (value) => done({ json: JSON.stringify(value) ?? null }),
      (error) => done({ failed: String(error) }),
    );`,
    argument ?? null,
  );
  if ('failed' in outcome) throw new Error(outcome.failed);
  return outcome.json === null ? undefined : JSON.parse(outcome.json);
}
