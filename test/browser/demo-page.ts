import type { BrowserContext, Locator, Page } from 'playwright-core';

/** A real token: the version, then deflated data in base64. */
const TOKEN = /007eJ[\w+/=]{8,}/;
const PATIENCE_MS = 60_000;

/** Two people's chats on the page. */
export type Chat = 'lobby' | 'stage';

/** What a person does and sees on the demo page, in one tab. */
export class DemoPage {
  readonly page: Page;
  readonly #console: string[] = [];
  readonly #errors: string[] = [];
  readonly #requested: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('console', (message) => {
      this.#console.push(message.text());
      if (message.type() === 'error') this.#errors.push(message.text());
    });
    page.on('pageerror', (error) => this.#errors.push(`${error}`));
    page.on('request', (request) => this.#requested.push(request.url()));
    page.on('websocket', (socket) => this.#requested.push(socket.url()));
  }

  /** Opens the page as somebody, in a new tab. */
  static async open(profile: BrowserContext, url: string, userId: string): Promise<DemoPage> {
    const demo = new DemoPage(await profile.newPage());
    await demo.page.goto(`${url}live/?user=${userId}`);
    await demo.becomes('idle');
    return demo;
  }

  /** Opens the page in another tab, with the link that it offers. */
  async openSecondTab(): Promise<DemoPage> {
    const opened = this.page.waitForEvent('popup');
    await this.page.getByRole('link', { name: 'Open a second tab' }).click();
    const demo = new DemoPage(await opened);
    await demo.becomes('idle');
    return demo;
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: true });
  }

  async press(name: string): Promise<void> {
    await this.button(name).click();
  }

  async logIn(lifeSeconds?: number): Promise<void> {
    if (lifeSeconds !== undefined) {
      await this.page.getByLabel('Life of new tokens').selectOption(String(lifeSeconds));
    }
    await this.press('Log in');
    await this.becomes('connected');
    await this.#field('lobby').and(this.page.locator(':enabled')).waitFor();
  }

  async joinStage(): Promise<void> {
    await this.press('Join stage');
    await this.#field('stage').and(this.page.locator(':enabled')).waitFor();
  }

  async say(chat: Chat, text: string): Promise<void> {
    await this.#field(chat).fill(text);
    await this.#field(chat).press('Enter');
    await this.hears(chat, text);
  }

  /** Waits until a message stands in a chat. Users of other scenarios speak there too, so a text names who says it. */
  async hears(chat: Chat, text: string): Promise<void> {
    await this.page.locator(`#${chat}`).getByRole('listitem').filter({ hasText: text }).first().waitFor();
  }

  /** Waits until a chat says who else is there. */
  async meets(chat: Chat, who: RegExp): Promise<void> {
    await this.page.locator(`#${chat} .people`).filter({ hasText: who }).waitFor();
  }

  /** Says something until the other hears it: who has come back is not heard before both know of each other. */
  async reaches(other: DemoPage, chat: Chat, text: string): Promise<void> {
    const heard = other.hears(chat, text).then(() => true);
    for (let attempt = 1; ; attempt += 1) {
      await this.say(chat, `${text} (${attempt})`);
      if (await Promise.race([heard, this.page.waitForTimeout(1000)])) return;
    }
  }

  /** The session's state, as the page mirrors it. */
  async status(): Promise<string | null> {
    return this.page.locator('body').getAttribute('data-status');
  }

  /** Waits until the session's state, as the page mirrors it, is this one. */
  async becomes(status: string): Promise<void> {
    await this.page.locator(`body[data-status="${status}"]`).waitFor();
  }

  /** Waits until the log tells something. */
  async tells(what: RegExp): Promise<void> {
    await this.#log.filter({ hasText: what }).first().waitFor();
  }

  /** The log so far, oldest first. */
  async story(): Promise<string[]> {
    return (await this.#log.locator('.entry-text').allTextContents()).reverse();
  }

  /** Which tokens are shown. */
  async tokens(): Promise<(string | null)[]> {
    return this.page.locator('.token-name').allTextContents();
  }

  /** What must hold of the page at the end of every scenario; gives what was amiss, and closes it. */
  async close(allowedErrors: RegExp = /^$/): Promise<string[]> {
    const { origin, host } = new URL(this.page.url());
    const elsewhere = this.#requested.filter(
      (url) => !url.startsWith(origin) && !url.startsWith(`ws://${host}/`) && !url.startsWith('data:'),
    );
    const seen = [await this.page.content(), ...this.#console, ...this.#requested].filter((text) => TOKEN.test(text));
    await this.page.close();
    return [
      ...this.#errors.filter((error) => !allowedErrors.test(error)).map((error) => `error: ${error}`),
      ...elsewhere.map((url) => `request to another host: ${url}`),
      ...seen.map(() => 'a token in the page, the console or an address'),
    ];
  }

  get #log(): Locator {
    return this.page.locator('#log').getByRole('listitem');
  }

  #field(chat: Chat): Locator {
    return this.page.getByLabel(chat === 'lobby' ? 'Message to the lobby' : 'Message to the stage');
  }
}
