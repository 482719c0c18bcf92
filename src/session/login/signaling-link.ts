import type { Clock } from '../../environment/clock.js';
import { bounded } from '../../environment/waiting.js';
import { errorClass, type ReasonClass, reasonClass } from '../sdk/link-policy.js';
import type { JoinToken } from '../sdk/live-connection.js';
import type { LinkState, LinkStateEvent, SignalingClient } from '../sdk/signaling-client.js';
import { sdkErrorCode } from '../state/session-error.js';

/** Why a login failed or ended: the class that decides, and the SDK's own code. */
export interface LinkLoss {
  readonly reason: ReasonClass;
  readonly code: string | number;
}

/** What a link tells its session. */
export interface LinkListener {
  /** The link stands. `first`: since this login; else `resumed` says whether the SDK kept subscriptions and channels. */
  onConnected(how: { first: boolean; resumed: boolean }): void;
  /** The link is down and the SDK works on it. */
  onDown(reasonCode: string): void;
  /** The SDK has given up, or refused the login. */
  onLost(loss: LinkLoss): void;
  /** Somebody else logged the client out. */
  onClosed(): void;
}

/** An SDK logout that takes longer is not waited for: the network is gone, and the next login goes on without it. */
const LOGOUT_TIMEOUT_MS = 5_000;

/**
 * The login link of one client: starts logins and tells what becomes of them. The SDK reports a login's end twice, as an event and
 * through the promise, in an order that no document states; here it is told once.
 */
export class SignalingLink {
  readonly #client: SignalingClient;
  readonly #listener: LinkListener;
  #state: LinkState = 'IDLE';
  #phase: 'out' | 'logging-in' | 'in' = 'out';
  #isUp = false;
  #attempt = 0;
  #logouts = 0;
  #used: JoinToken = {};

  constructor(client: SignalingClient, listener: LinkListener) {
    this.#client = client;
    this.#listener = listener;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** The token of the latest login. */
  get used(): JoinToken {
    return this.#used;
  }

  /** Starts a login; what becomes of it is told to the listener. */
  login(token: JoinToken): void {
    this.#phase = 'logging-in';
    this.#start(token);
  }

  /** While the link is down: replaces the login's token, so that the next attempt of the SDK uses it (allowed since 2.2.4). */
  loginAgain(token: JoinToken): void {
    this.#start(token);
  }

  /** Logs out; resolves when the SDK has, or after 5 s. Nothing is told any more of the login that ends. */
  async logout(clock: Clock): Promise<void> {
    const untouched = this.#attempt === 0;
    this.#phase = 'out';
    this.#isUp = false;
    this.#attempt += 1;
    if (untouched) return;
    // The promise of a login that this cancels rejects; whoever waited for it was told otherwise.
    await bounded(this.#logout(), { clock, timeoutMs: LOGOUT_TIMEOUT_MS }).catch(() => {});
  }

  /** Takes an event of the login's link. */
  onEvent(event: LinkStateEvent): void {
    const wasUp = this.#isUp;
    this.#state = event.currentState;
    if (event.currentState !== 'CONNECTED') this.#isUp = false;
    if (this.#phase === 'out') return;
    if (event.currentState === 'CONNECTED') this.#up(event.isResumed);
    else if (event.currentState === 'FAILED') this.#lost({ reason: reasonClass(event), code: event.reasonCode });
    else if (event.currentState === 'IDLE') {
      if (this.#logouts === 0) this.#closed();
    } else if (wasUp) this.#listener.onDown(event.reasonCode);
  }

  #start(token: JoinToken): void {
    const attempt = ++this.#attempt;
    const current = (): boolean => attempt === this.#attempt;
    this.#used = token;
    this.#login(token).then(
      () => {
        if (current() && this.#phase === 'logging-in') {
          this.#state = 'CONNECTED';
          this.#up(false);
        }
      },
      (error: unknown) => {
        if (current()) this.#refused(error);
      },
    );
  }

  // Neither runs within one of the SDK's own listeners: 2.3.0 then loses track of the login under way.
  async #login(token: JoinToken): Promise<void> {
    await Promise.resolve();
    await this.#client.login(token);
  }

  async #logout(): Promise<void> {
    await Promise.resolve();
    this.#logouts += 1;
    try {
      await this.#client.logout();
    } finally {
      this.#logouts -= 1;
    }
  }

  #up(resumed: boolean): void {
    if (this.#isUp) return;
    const first = this.#phase === 'logging-in';
    this.#isUp = true;
    this.#phase = 'in';
    this.#listener.onConnected({ first, resumed });
  }

  #refused(error: unknown): void {
    const code = sdkErrorCode(error);
    if (this.#phase === 'logging-in') this.#lost({ reason: errorClass(code), code: code ?? 'LOGIN_FAILED' });
    // A second login beside the SDK's own attempt was refused; the next time that the link is down it is tried again.
    else if (this.#phase === 'in') this.#used = {};
  }

  #lost(loss: LinkLoss): void {
    this.#phase = 'out';
    this.#isUp = false;
    this.#listener.onLost(loss);
  }

  #closed(): void {
    this.#phase = 'out';
    this.#listener.onClosed();
  }
}
