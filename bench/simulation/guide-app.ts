import type { SignalingClient } from 'agora-session';
import type { Contender, Page } from './contender.js';

/**
 * An app written after "Secure authentication with tokens" in Agora's Signaling guide, to the letter:
 *
 * - "When you receive this callback [30 s before the expiration], retrieve a fresh RTM token from your token server, and call
 *   renewToken to pass the new token to the SDK." For a stream channel's token likewise.
 * - "If the token expires, the SDK triggers an onLinkStateEvent callback … currentState: FAILED … In this scenario, log out of
 *   Signaling using the logout method, retrieve a fresh token, and login again." Channels are then joined again.
 *
 * In one point it is better than the letter: a stream channel that fails by itself, of which the guide says nothing, is joined again
 * with a fresh token. The guide shows no retrying, so there is none: an error is logged, and that is all.
 */
class GuideApp {
  readonly #page: Page;
  readonly #client: SignalingClient;

  constructor(page: Page) {
    this.#page = page;
    this.#client = new page.sdk.RTM(page.appId, page.userId);
    this.#client.addEventListener('tokenPrivilegeWillExpire', (channelName) => {
      this.#run(() => this.#renew(channelName));
    });
    this.#client.addEventListener('linkState', ({ currentState, serviceType, reasonCode, affectedChannels }) => {
      if (currentState !== 'FAILED') return;
      if (serviceType === 'MESSAGE') this.#run(() => this.#loginAgain());
      // That the login has failed is told of every channel too; those are joined again with the login.
      else if (reasonCode !== 'RTM_SERVICE_NOT_CONNECTED') this.#run(() => this.#joinAll(affectedChannels));
    });
  }

  async login(): Promise<void> {
    await this.#client.login({ token: await this.#fetchLoginToken() });
    await this.#joinAll(this.#page.channels);
  }

  /** Renews every token, whatever its age. */
  renewAll(): void {
    for (const channelName of ['', ...this.#page.channels]) this.#run(() => this.#renew(channelName));
  }

  async #loginAgain(): Promise<void> {
    await this.#client.logout();
    await this.login();
  }

  async #joinAll(channels: readonly string[]): Promise<void> {
    for (const channelName of channels) this.#run(() => this.#join(channelName));
  }

  async #join(channelName: string): Promise<void> {
    const token = await this.#fetchChannelToken(channelName);
    await this.#client.createStreamChannel(channelName).join({ token });
  }

  /** @param channelName the SDK gives the empty name for the login's token */
  async #renew(channelName: string): Promise<void> {
    if (channelName === '') await this.#client.renewToken(await this.#fetchLoginToken());
    else await this.#client.renewToken(await this.#fetchChannelToken(channelName), { channelName });
  }

  #fetchLoginToken(): Promise<string> {
    return this.#fetchToken('fetch_rtm_token', { uid: this.#page.userId });
  }

  #fetchChannelToken(channelName: string): Promise<string> {
    return this.#fetchToken('fetch_rtc_token', { uid: this.#page.userId, channelName, role: 1 });
  }

  async #fetchToken(route: string, body: object): Promise<string> {
    const response = await this.#page.fetch(`${this.#page.tokenUrl}/${route}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The token server answered ${response.status}.`);
    const { token } = (await response.json()) as { token: string };
    return token;
  }

  /** Errors are logged, which here nobody reads. */
  #run(work: () => Promise<void>): void {
    work().catch(() => {});
  }
}

/** After the guide's callbacks. */
export const guideApp: Contender = {
  name: "Agora's guide",
  start: (page) => new GuideApp(page).login(),
};

/** With tokens of one hour; a whole hour would come too late. */
const INTERVAL_MS = 50 * 60_000;

/**
 * The same with what the guide's info box adds: "Best practice is to update the token periodically". Every 50 minutes, with the
 * callbacks for what that misses.
 */
export const periodicGuideApp: Contender = {
  name: 'the guide, every 50 min',
  async start(page) {
    const app = new GuideApp(page);
    const repeat = (): void => {
      page.clock.setTimeout(() => {
        app.renewAll();
        repeat();
      }, INTERVAL_MS);
    };
    repeat();
    await app.login();
  },
};
