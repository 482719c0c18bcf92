import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '../support/chromium.js';
import { DemoPage } from './demo-page.js';
import { type DemoServer, startDemo } from './demo-server.js';

const DEFAULT_LIFE_SECONDS = 45;
/** The browser itself reports every answer that is no success; these are what the tests ask for. */
const DOWN = /status of 503/;
const DENIED = /status of 403/;

let browser: Browser;
let profile: BrowserContext;
let demo: DemoServer;

beforeAll(async () => {
  [browser, demo] = await Promise.all([
    launchChromium(),
    startDemo({ TOKEN_TTL_SECONDS: String(DEFAULT_LIFE_SECONDS) }),
  ]);
  profile = await browser.newContext();
  // The first visit makes Vite prepare the modules, and fills the browser's cache.
  await (await DemoPage.open(profile, demo.url, 'first')).close();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const open = (userId: string): Promise<DemoPage> => DemoPage.open(profile, demo.url, userId);

// The scenarios run side by side, the long ones first: each has users of its own, and much of it is waiting for tokens to age.
describe.concurrent('the demo page', { timeout: 120_000 }, () => {
  it('tells of a denied token at once, and stops when the last one lapses', async () => {
    const page = await open('denied');
    await page.logIn(30);
    await page.press('Deny tokens');
    await page.press('Renew now');
    await page.tells(/No new login token, attempt 1 \(TOKEN_DENIED\).* Nobody asks again by itself/);
    expect(await page.status()).toBe('connected');
    await page.becomes('failed');
    await page.tells(/Denied \(TOKEN_DENIED\)/);

    await page.press('Deny tokens');
    await page.logIn();
    expect(await page.close(DENIED)).toEqual([]);
  });

  it('renews the tokens of login and channel on schedule', async () => {
    const page = await open('punctual');
    await page.logIn(30);
    await page.joinStage();
    expect(await page.tokens()).toEqual(['login token', 'stage token']);
    await page.tells(/Renewed the login token on schedule, .* The new one lives 30 s/);
    await page.tells(/Renewed the stage token on schedule, .* The new one lives 30 s/);
    expect(await page.story()).not.toContainEqual(expect.stringMatching(/Recovering|Lost|No new/));
    expect(await page.close()).toEqual([]);
  });

  it('survives a cut network', async () => {
    const [page, other] = await Promise.all([open('cut'), open('whole')]);
    await Promise.all([page.logIn(), other.logIn()]);
    await page.press('Cut the network');
    await page.becomes('reconnecting');
    await page.press('Cut the network');
    await page.becomes('connected');
    await other.reaches(page, 'lobby', 'cut, are you back?');
    await page.reaches(other, 'lobby', 'cut is back.');
    expect([...(await page.close()), ...(await other.close())]).toEqual([]);
  });

  it('recovers from an expired login with all its channels', async () => {
    const [page, other] = await Promise.all([open('lapsed'), open('listener')]);
    await Promise.all([page.logIn(), other.logIn()]);
    await Promise.all([page.joinStage(), other.joinStage()]);
    await page.press('Let the login token expire');
    await page.tells(
      /Restored the subscription to lobby, the stream channel stage, its topic chat.* may have been missed/,
    );
    await page.becomes('connected');
    expect(await page.story()).toEqual(
      expect.arrayContaining([
        'Recovering. The token expired. Logging in again, attempt 1.',
        expect.stringContaining('Renewed the login token because the last one had expired'),
        'Joined the stream channel stage.',
      ]),
    );
    for (const chat of ['lobby', 'stage'] as const) {
      await page.reaches(other, chat, 'lapsed is back.');
      await other.reaches(page, chat, 'listener hears it.');
    }
    expect([...(await page.close()), ...(await other.close())]).toEqual([]);
  });

  it('logs in, and carries what two tabs say in the lobby and on stage', async () => {
    const alice = await open('alice');
    await alice.logIn();
    const bob = await alice.openSecondTab();
    await bob.logIn();
    await alice.meets('lobby', /With you here: .*bob/);
    await bob.meets('lobby', /With you here: .*alice/);
    await alice.say('lobby', 'Alice says hello.');
    await bob.hears('lobby', 'Alice says hello.');
    await bob.say('lobby', 'Bob says hello.');
    await alice.hears('lobby', 'Bob says hello.');

    await alice.joinStage();
    await bob.joinStage();
    await bob.meets('stage', /You hear .*alice/);
    await alice.say('stage', 'Alice is on stage.');
    await bob.hears('stage', 'Alice is on stage.');
    await alice.meets('stage', /You hear .*bob/);
    await bob.say('stage', 'Bob is on stage.');
    await alice.hears('stage', 'Bob is on stage.');
    expect(await bob.page.evaluate(() => window.session.userId)).toBe('bob');
    expect([...(await alice.close()), ...(await bob.close())]).toEqual([]);
  });

  it('joins a stream channel again whose own token expired, and stays logged in', async () => {
    const page = await open('offstage');
    await page.logIn();
    await page.joinStage();
    await page.press('Let the stage token expire');
    await page.tells(/Lost the stream channel stage\.$/);
    await page.tells(/Renewed the stage token because the last one had expired/);
    await page.say('stage', 'offstage is back.');
    expect(await page.story()).not.toContainEqual(expect.stringMatching(/Recovering/));
    expect(await page.close()).toEqual([]);
  });

  it('keeps trying while the token server is down', async () => {
    const page = await open('patient');
    await page.logIn();
    await page.press('Token server down');
    await page.press('Renew now');
    await page.tells(/No new login token, attempt 1 \(TOKEN_REQUEST_FAILED\).* 503.* Next try in/);
    await page.tells(/attempt 2/);
    await page.press('Token server down');
    await page.tells(/Renewed the login token by hand/);
    expect(await page.status()).toBe('connected');
    expect(await page.close(DOWN)).toEqual([]);
  });

  it('asks the user when the same user logged in elsewhere', async () => {
    const page = await open('twice');
    await page.logIn();
    await page.press('Log in elsewhere as the same user');
    await page.becomes('failed');
    await page.tells(/Logged in elsewhere \(DISPLACED\)/);
    await page.page.getByRole('alert').filter({ hasText: 'twice is now logged in somewhere else' }).waitFor();
    await page.press('Use it here instead');
    await page.becomes('connected');
    await page.page.getByRole('alert').waitFor({ state: 'hidden' });
    await page.say('lobby', 'It was twice himself.');
    expect(await page.close()).toEqual([]);
  });

  it('logs in as another user with the keyboard, and logs out', async () => {
    const page = await open('keyboard');
    const name = page.page.getByLabel('User name');
    await name.fill('typist');
    await name.press('Enter');
    await page.becomes('connected');
    expect(await page.page.evaluate(() => window.session.snapshot.userId)).toBe('typist');
    await page.press('Log out');
    await page.becomes('idle');
    await page.tells(/Logged out/);
    expect(await page.tokens()).toEqual([]);

    await name.fill('zoë');
    await name.press('Enter');
    expect(await name.evaluate((field: HTMLInputElement) => field.validationMessage)).toContain('userId');
    expect(await page.close()).toEqual([]);
  });

  it('offers what makes sense only, on narrow screens too', async () => {
    const page = await open('curious');
    const usable = async (): Promise<string[]> => {
      const buttons = await page.page.locator('button:enabled:visible').allTextContents();
      return buttons.filter((text) => text !== 'Send');
    };
    expect(await usable()).toEqual(['Log in', 'Token server down', 'Deny tokens']);
    await page.logIn();
    await page.joinStage();
    expect(await usable()).toEqual([
      'Log out',
      'Renew now',
      'Leave stage',
      'Let the login token expire',
      'Let the stage token expire',
      'Token server down',
      'Deny tokens',
      'Cut the network',
      'Log in elsewhere as the same user',
    ]);
    await page.page.setViewportSize({ width: 380, height: 800 });
    expect(await page.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(380);

    await page.press('Leave stage');
    await page.tells(/Left the stream channel stage/);
    expect(await page.tokens()).toEqual(['login token']);
    expect(await page.close()).toEqual([]);
  });

  it('takes the life of tokens from TOKEN_TTL_SECONDS, and shows it as a meter', async () => {
    const page = await open('frugal');
    const life = page.page.getByLabel('Life of new tokens');
    expect(await life.locator('option').allTextContents()).toEqual(['30 s', '45 s', '2 min', '1 h']);
    expect(await life.inputValue()).toBe(String(DEFAULT_LIFE_SECONDS));
    await page.logIn();
    const meter = page.page.getByRole('meter', { name: 'Life left of the login token' });
    expect(await meter.getAttribute('max')).toBe(String(DEFAULT_LIFE_SECONDS));
    await page.page.getByText(/Renewal in \d+ s/).waitFor();
    await page.page.getByText(/Fetched for the login at/).waitFor();
    expect(await page.close()).toEqual([]);
  });
});

it('prints one address', () => {
  expect(demo.output.match(/https?:\/\//g)).toHaveLength(1);
});
