import type { SignalingClient, SignalingSdk, TokenSource } from 'agora-session';

/** How the app written by hand stands. */
export type ByHandState = 'logging in' | 'connected' | 'reconnecting' | 'logged out';

export interface ByHandOptions {
  readonly appId: string;
  readonly userId: string;
  readonly sdk: SignalingSdk;
  readonly tokens: TokenSource;
  readonly channelName: string;
  onState(state: ByHandState): void;
  onMessage(message: string): void;
}

/**
 * An app written after "Secure authentication with tokens" in Agora's Signaling guide, to the letter: when the SDK warns that the token
 * is about to expire, fetch a fresh one and call `renewToken`; when the link state becomes FAILED, log out, fetch a fresh one and log in
 * again. The guide shows no retrying, so there is none: what fails is logged, and that is all.
 */
export class ByHandApp {
  readonly #options: ByHandOptions;
  readonly #client: SignalingClient;

  constructor(options: ByHandOptions) {
    const { sdk, appId, userId } = options;
    this.#options = options;
    this.#client = new sdk.RTM(appId, userId);
    this.#client.addEventListener('message', ({ message }) => options.onMessage(String(message)));
    this.#client.addEventListener('tokenPrivilegeWillExpire', () => this.#run(() => this.#renew()));
    this.#client.addEventListener('linkState', ({ currentState, serviceType }) => {
      if (serviceType !== 'MESSAGE') return;
      if (currentState === 'CONNECTED') options.onState('connected');
      if (currentState === 'DISCONNECTED') options.onState('reconnecting');
      if (currentState === 'FAILED') this.#run(() => this.#loginAgain());
    });
  }

  async login(): Promise<void> {
    const { onState, channelName } = this.#options;
    onState('logging in');
    try {
      await this.#client.login({ token: await this.#fetchToken() });
      await this.#client.subscribe(channelName);
    } catch (error) {
      onState('logged out');
      throw error;
    }
  }

  async #renew(): Promise<void> {
    await this.#client.renewToken(await this.#fetchToken());
  }

  async #loginAgain(): Promise<void> {
    await this.#client.logout();
    await this.login();
  }

  async #fetchToken(): Promise<string> {
    const { appId, userId, tokens } = this.#options;
    const request = { appId, userId, signaling: true, channels: [], cause: 'login' } as const;
    const { signaling } = await tokens.getTokens(request, { signal: new AbortController().signal });
    if (!signaling || !('token' in signaling)) throw new Error('The token server gave no token.');
    return signaling.token;
  }

  /** The page is closed. */
  close(): void {
    void this.#client.logout().catch(() => {});
  }

  /** Errors are logged, which here nobody reads. */
  #run(work: () => Promise<void>): void {
    work().catch(() => {});
  }
}
