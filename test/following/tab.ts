import type { Browser, BrowserContext, Page } from 'playwright-core';

/** A development server makes a page only when it is asked for it. */
const OPENED_WITHIN_MS = 180_000;
const SHOWN_WITHIN_MS = 60_000;

/** A page that is looked at, with its console. */
export class Tab {
  readonly #context: BrowserContext;
  readonly #page: Page;
  readonly #said: string[] = [];
  readonly #errors: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.#context = context;
    this.#page = page;
    page.on('console', (message) => {
      this.#said.push(message.text());
      if (message.type() === 'error') this.#errors.push(`${message.text()} (${message.location().url})`);
    });
    page.on('pageerror', (error) => void this.#errors.push(String(error)));
  }

  /** Opens a page of its own browser context. `script` runs there before the page's own code. */
  static async open(browser: Browser, url: string, script: string): Promise<Tab> {
    const context = await browser.newContext();
    await context.addInitScript(script);
    const page = await context.newPage();
    const tab = new Tab(context, page);
    await page.goto(url, { timeout: OPENED_WITHIN_MS });
    return tab;
  }

  /** Waits until the page shows these words, or its console has them. @throws Error that says what there is instead. */
  async untilShown(words: readonly string[]): Promise<void> {
    const end = performance.now() + SHOWN_WITHIN_MS;
    for (;;) {
      const seen = [await this.#page.locator('body').textContent(), ...this.#said].join('\n');
      const lacking = words.filter((word) => !seen.includes(word));
      if (lacking.length === 0) return;
      if (performance.now() > end) {
        throw new Error(`One does not see ${lacking.join(', ')}, but:\n${[seen, ...this.#errors].join('\n')}`);
      }
      await this.#page.waitForTimeout(100);
    }
  }

  /** Closes the page. @throws Error with the errors of its console, if there are any. */
  async close(): Promise<void> {
    await this.#context.close();
    if (this.#errors.length > 0) throw new Error(`The console has errors:\n${this.#errors.join('\n')}`);
  }
}
