import type { Clock } from '../../environment/clock.js';
import type { ApplyOutcome } from '../../token/token-applier.js';
import type { Grant } from '../../token/token-lease.js';
import type { TokenTarget } from '../../token/token-source.js';
import type { Lane } from '../sdk/lane.js';
import type { SignalingClient } from '../sdk/signaling-client.js';
import { deliveryOf } from './deliveries.js';
import { renewToken } from './renew-token.js';
import type { SdkLogin } from './sdk-login.js';
import type { SessionTokens } from './session-tokens.js';

interface TokenDeliveryOptions {
  readonly clock: Clock;
  readonly lane: Lane;
  tokens(): SessionTokens;
  login(): SdkLogin | null;
  client(): SignalingClient | null;
  isJoined(channelName: string): boolean;
  /** The SDK says that it is not connected, again and again, while its link is believed to stand. */
  onDoubt(): void;
}

/** The SDK says "not connected" to a renewal this often in a row before its link is doubted. */
const DOUBTS_TAKEN = 2;

/** How tokens get to the SDK: with a login, with `renewToken` while the link stands, and with another login where it is down for too long. */
export class TokenDelivery {
  readonly #options: TokenDeliveryOptions;
  #given: Grant | null = null;
  #notNow = 0;
  #lapse: unknown = null;

  constructor(options: TokenDeliveryOptions) {
    this.#options = options;
  }

  /** The token of the latest login. */
  get given(): Grant | null {
    return this.#given;
  }

  /** Whether the SDK can take a renewed token for this target now. */
  isLive(target: TokenTarget): boolean {
    return this.#options.login()?.isUp === true && deliveryOf(target).isLive(target, this.#options);
  }

  login(grant: Grant | null): void {
    this.#given = grant;
    this.#options.login()?.login(grant);
  }

  /** Gives a renewed token to the SDK as soon as it bears one more call. */
  renew(target: TokenTarget, grant: Grant, done: (outcome: ApplyOutcome) => void): void {
    const { clock, lane, client } = this.#options;
    lane.enter('urgent', () => {
      const current = client();
      if (!current || !this.isLive(target)) {
        done({ kind: 'later' });
        return false;
      }
      renewToken({ client: current, clock, target, token: grant.token }, (outcome) => {
        done(outcome);
        this.#watchLink(target, outcome);
      });
      return true;
    });
  }

  /** While the link is down and its token has lapsed: a login with a fresh one takes the place of the SDK's attempts (F 2.9). */
  loginAgain(): void {
    if (!this.#options.login()?.mayLoginAgain || this.#lapseInMs() > 0) return;
    const taken = this.#options.tokens().login.take('expired');
    if (taken.is !== 'ready' || !taken.grant || taken.grant.serial <= (this.#given?.serial ?? 0)) return;
    this.login(taken.grant);
    this.watchLapse();
  }

  /** The link is down: looks again when its token lapses. */
  watchLapse(): void {
    this.stop();
    const inMs = this.#lapseInMs();
    if (!this.#options.login()?.mayLoginAgain || inMs === Number.POSITIVE_INFINITY) return;
    this.#lapse = this.#options.clock.setTimeout(() => this.loginAgain(), Math.max(1, Math.ceil(inMs)));
  }

  linkUp(): void {
    this.#notNow = 0;
    this.stop();
  }

  /** Leaves no timer. */
  stop(): void {
    this.#options.clock.clearTimeout(this.#lapse);
    this.#lapse = null;
  }

  /** How long the token that the SDK works with has to live. */
  #lapseInMs(): number {
    const tokens = this.#options.tokens();
    const held = tokens.heldByLogin ?? this.#given;
    return held ? tokens.leftMs(held) : Number.POSITIVE_INFINITY;
  }

  #watchLink(target: TokenTarget, outcome: ApplyOutcome): void {
    if (!deliveryOf(target).showsLink) return;
    this.#notNow = outcome.kind === 'later' ? this.#notNow + 1 : 0;
    if (this.#notNow > DOUBTS_TAKEN && this.#options.login()?.isUp) this.#options.onDoubt();
  }
}
