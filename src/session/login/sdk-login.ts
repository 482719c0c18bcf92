import type { Clock } from '../../environment/clock.js';
import { type Grant, lifeLeftMs } from '../../token/token-lease.js';
import { callSdk, type SdkAnswer } from '../sdk/call-sdk.js';
import type { ClientCondition, OpenLogouts } from '../sdk/client-registry.js';
import { errorClass, LOGIN_CANCELED, NOT_CONNECTED, reasonClass } from '../sdk/reasons.js';
import type { LinkState, LinkStateEvent, SignalingClient } from '../sdk/signaling-client.js';
import type { LinkLoss } from './login-decision.js';
import type { SessionTokens } from './session-tokens.js';

/** How a link came to stand. `first`: since this login; else `resumed` says whether the SDK kept subscriptions and channels. */
export interface LinkStands {
  readonly first: boolean;
  /** For the first: whether the SDK is known to have had nothing when the login began. */
  readonly clean: boolean;
  readonly resumed: boolean;
}

/** What becomes of a client's login. */
export type LoginNews =
  | ({ readonly is: 'up' } & LinkStands)
  /** The link is down and the SDK works on it. */
  | { readonly is: 'down'; readonly loss: LinkLoss }
  /** It is down for longer than its token lives: a login with a fresh one takes the place of the SDK's attempts (F 2.9). */
  | { readonly is: 'again' }
  /** The SDK has given up, or refused the login, or says nothing at all. */
  | { readonly is: 'lost'; readonly loss: LinkLoss }
  /** Somebody else logged the client out. */
  | { readonly is: 'closed' };

/** Where the client's login stands for us; its link has a state of its own besides. `out`: nobody wants it to be logged in. */
type Phase = 'out' | 'logging-in' | 'up' | 'down';

interface SdkLoginOptions {
  readonly client: SignalingClient;
  readonly clock: Clock;
  readonly tokens: SessionTokens;
  readonly condition: ClientCondition;
  readonly logouts: OpenLogouts;
  /** Makes a call when the SDK bears one more. */
  whenRoom(call: () => boolean): void;
  onNews(news: LoginNews): void;
}

/** An SDK logout that takes longer is not waited for: the network is gone, and the client of unknown state. */
const LOGOUT_TIMEOUT_MS = 5_000;
/** A login of which the SDK says nothing for so long, neither an event nor an answer, is begun again. */
const SILENCE_MS = 75_000;
/** The same of a link that the SDK brings back by itself: it tells of each attempt, every 37 s at the latest (F 2.8), in a hidden tab less often. */
const SILENCE_DOWN_MS = 180_000;

/**
 * The logins of one client, one at a time: starts them and tells what becomes of them. The SDK reports a login's end twice, as an event
 * and through the promise, in an order that no document states; here it is told once, and also when only one of the two comes, or none.
 */
export class SdkLogin {
  readonly #options: SdkLoginOptions;
  #phase: Phase = 'out';
  /** As the SDK last told it; null before it has told anything of a client that others may have used. */
  #link: LinkState | null;
  /** The SDK is known to have no login and nothing of one. */
  #clean: boolean;
  /** It was so when the login began that is under way. */
  #beganClean = false;
  #attempt = 0;
  /** The token of a login whose CONNECTED is to come. */
  #given: Grant | null = null;
  /** The token of the latest login. */
  #latest: Grant | null = null;
  #silence: unknown = null;
  #lapse: unknown = null;

  constructor(options: SdkLoginOptions) {
    this.#options = options;
    this.#clean = options.condition === 'clean';
    this.#link = options.condition === 'foreign' ? null : 'IDLE';
  }

  get client(): SignalingClient {
    return this.#options.client;
  }

  get isUp(): boolean {
    return this.#phase === 'up';
  }

  /** How long the token of the latest login lives, milliseconds. */
  get lifeMs(): number {
    return this.#latest?.lifeMs ?? Number.POSITIVE_INFINITY;
  }

  get link(): LinkState {
    return this.#link ?? 'IDLE';
  }

  get clean(): boolean {
    return this.#clean;
  }

  /** In which condition the client is left. */
  get condition(): ClientCondition {
    return this.#clean ? 'clean' : this.#link === null ? 'foreign' : 'unclean';
  }

  /** Starts a login, or while the link is down another one with a fresh token; what becomes of it is told. */
  login(grant: Grant | null): void {
    if (this.#phase === 'out') this.#phase = 'logging-in';
    this.#latest = grant;
    const attempt = ++this.#attempt;
    this.#watchSilence();
    // Not within one of the SDK's own listeners: 2.3.0 then loses track of the login under way.
    queueMicrotask(() => this.#options.whenRoom(() => this.#call(attempt, grant)));
  }

  /** Logs out; resolves when the SDK has, or after 5 s. Nothing is told any more of the login that ends. */
  async logout(): Promise<void> {
    this.#end();
    this.#attempt += 1;
    if (this.#clean) return;
    await Promise.resolve();
    this.#clean = await this.#loggedOut();
    if (!this.#clean) return;
    this.#given = null;
    this.#options.tokens.keeper?.loggedOut();
  }

  /** The link is not what it is believed to be: nothing more can come of this login. */
  doubt(): void {
    if (this.isUp) this.#lost({ reason: 'network', code: NOT_CONNECTED });
  }

  /** While the link is down and its token has lapsed: logs in with a fresh one, if there is one. */
  loginAgain(): void {
    if (!this.#mayLoginAgain || this.#lapseInMs() > 0) return;
    const taken = this.#options.tokens.login.take('expired');
    if (taken.is !== 'ready' || !taken.grant || taken.grant.serial <= (this.#latest?.serial ?? 0)) return;
    this.#options.onNews({ is: 'again' });
    // Whoever was told may have ended it.
    if (!this.#mayLoginAgain) return;
    this.login(taken.grant);
    this.#watchLapse();
  }

  /** Takes an event of the login's link. */
  onEvent(event: LinkStateEvent): void {
    const loss: LinkLoss = { reason: reasonClass(event), code: event.reasonCode };
    this.#link = event.currentState;
    if (this.#phase === 'out') return;
    if (event.currentState === 'CONNECTED') this.#up(event.isResumed === true);
    else if (event.currentState === 'FAILED') this.#lost(loss);
    else if (event.currentState === 'IDLE') this.#idle();
    else this.#down(loss);
    this.#watchLapse();
  }

  #call(attempt: number, grant: Grant | null): boolean {
    if (attempt !== this.#attempt) return false;
    const { client, tokens } = this.#options;
    // On a link that stands, or may stand, a login proves nothing: the SDK does not take its token (F 2.12).
    const proves = this.#link !== 'CONNECTED' && this.#link !== null;
    this.#given = proves ? grant : null;
    this.#beganClean ||= this.#clean;
    this.#clean = false;
    if (grant) tokens.login.give(grant);
    callSdk(
      () => client.login(grant ? { token: grant.token } : {}),
      (answer) => this.#answered(attempt, grant, answer, proves),
    );
    return true;
  }

  #answered(attempt: number, grant: Grant | null, answer: SdkAnswer<unknown>, proves: boolean): void {
    const tokens = this.#options.tokens.login;
    const current = attempt === this.#attempt;
    const refused = answer.is === 'refused' && errorClass(answer.code) === 'token';
    if (grant && answer.is === 'none') tokens.unanswered(grant);
    else if (grant && answer.is === 'refused') tokens.settle(grant, refused ? 'refused' : 'unproven');
    else if (grant) tokens.settle(grant, current && proves ? 'accepted' : 'unproven');
    if (!current || this.#phase !== 'logging-in') return;
    if (answer.is === 'ok') {
      this.#link = 'CONNECTED';
      this.#up(false);
    } else if (answer.is === 'none') this.#lost({ reason: 'unknown', code: 'LOGIN_FAILED' });
    // Another login has taken this one's place, and its events tell the rest.
    else if (answer.code !== LOGIN_CANCELED) {
      this.#lost({ reason: errorClass(answer.code), code: answer.code ?? 'LOGIN_FAILED' });
    }
  }

  #up(resumed: boolean): void {
    if (this.isUp) return;
    const first = this.#phase === 'logging-in';
    const clean = this.#beganClean;
    this.#phase = 'up';
    this.#beganClean = false;
    this.#stopTimers();
    if (this.#given) this.#options.tokens.login.stands(this.#given);
    this.#given = null;
    this.#options.onNews({ is: 'up', first, clean, resumed });
  }

  #down(loss: LinkLoss): void {
    const wasUp = this.isUp;
    if (wasUp) {
      this.#phase = 'down';
      this.#options.tokens.keeper?.linkLost();
    }
    this.#watchSilence();
    if (wasUp) this.#options.onNews({ is: 'down', loss });
  }

  /** The client was logged out: by a logout of ours that comes late, or by somebody else. */
  #idle(): void {
    const { clock, logouts } = this.#options;
    if (logouts.explainIdle(clock.monotonic())) {
      this.#lost({ reason: 'unknown', code: 'LOGOUT' });
      return;
    }
    this.#end();
    this.#options.onNews({ is: 'closed' });
  }

  #lost(loss: LinkLoss): void {
    this.#end();
    this.#options.onNews({ is: 'lost', loss });
  }

  #end(): void {
    if (this.isUp) this.#options.tokens.keeper?.linkLost();
    this.#phase = 'out';
    this.#beganClean = false;
    this.#stopTimers();
  }

  #loggedOut(): Promise<boolean> {
    const { client, clock, logouts } = this.#options;
    const ended = logouts.begin(clock.monotonic());
    return new Promise((resolve) => {
      const timer = clock.setTimeout(() => resolve(false), LOGOUT_TIMEOUT_MS);
      callSdk(
        () => client.logout(),
        (answer) => {
          clock.clearTimeout(timer);
          ended(clock.monotonic());
          // One that comes to nothing at all shows nothing: the SDK answers with a time stamp.
          resolve(answer.is === 'ok' && typeof answer.value === 'object' && answer.value !== null);
        },
      );
    });
  }

  #watchSilence(): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#silence);
    const patienceMs = this.#phase === 'logging-in' ? SILENCE_MS : SILENCE_DOWN_MS;
    this.#silence = clock.setTimeout(() => {
      if (this.#given) this.#options.tokens.login.unanswered(this.#given);
      this.#lost({ reason: 'network', code: 'LOGIN_TIMEOUT' });
    }, patienceMs);
  }

  /** Whether the SDK works on the link by itself, so that a login with a fresh token may take its place. */
  get #mayLoginAgain(): boolean {
    return this.#phase !== 'out' && (this.#link === 'DISCONNECTED' || this.#link === 'SUSPENDED');
  }

  /** How long the token that the SDK works with has to live. */
  #lapseInMs(): number {
    const { tokens, clock } = this.#options;
    const held = tokens.heldByLogin ?? this.#latest;
    return held ? lifeLeftMs(held, clock) : Number.POSITIVE_INFINITY;
  }

  /** The link is down: looks again when its token lapses. */
  #watchLapse(): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#lapse);
    const inMs = this.#lapseInMs();
    if (!this.#mayLoginAgain || inMs === Number.POSITIVE_INFINITY) return;
    this.#lapse = clock.setTimeout(() => this.loginAgain(), Math.max(1, Math.ceil(inMs)));
  }

  #stopTimers(): void {
    this.#options.clock.clearTimeout(this.#silence);
    this.#options.clock.clearTimeout(this.#lapse);
  }
}
