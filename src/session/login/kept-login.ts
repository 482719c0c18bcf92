import { elapsedMs, type Instant, instant } from '../../environment/clock.js';
import { bounded, type Deferred, deferred, pause } from '../../environment/waiting.js';
import { SIGNALING } from '../../token/targets.js';
import type { TokenEvent } from '../../token/token-event.js';
import type { TokenFailure } from '../../token/token-failure.js';
import type { Grant } from '../../token/token-lease.js';
import type { TokenTarget } from '../../token/token-source.js';
import { type ClientEvent, detailOf, type ForwardedEvent, isInspected, listenToClient } from '../sdk/client-events.js';
import { adoptClient, type ClaimedClient, type ClientCondition, claimClient } from '../sdk/client-registry.js';
import type { Lane } from '../sdk/lane.js';
import { loadedSdk, type SdkModule } from '../sdk/load-sdk.js';
import { NOT_CONNECTED } from '../sdk/reasons.js';
import { REMEDIES } from '../sdk/remedies.js';
import type { LinkStateEvent, SignalingClient } from '../sdk/signaling-client.js';
import { LOGIN, type Report } from '../state/inspection-event.js';
import { asSessionError, type SessionError, tokenError } from '../state/session-error.js';
import type { RecoveryCause, RestoreResult } from '../state/session-state.js';
import type { WantedState } from '../wanted/wanted-state.js';
import { deliveryOf } from './deliveries.js';
import { hopelessError, keepsTurn, type LinkLoss, recoveryCause, reloginDelayMs } from './login-remedy.js';
import type { ResolvedOptions } from './resolved-options.js';
import { type LinkStands, type LoginNews, SdkLogin } from './sdk-login.js';
import { SessionTokens } from './session-tokens.js';
import { TokenDelivery } from './token-delivery.js';

/** What a kept login needs at its start. */
export interface StartOptions<Client extends SignalingClient> {
  /** The SDK, on its way; null for a client that the app made itself. */
  readonly sdk: Promise<SdkModule<Client>> | null;
  /** Resolves when it is this tab's turn to be logged in. */
  takeTurn(signal: AbortSignal): Promise<void>;
  /** When an earlier one lost the login that this one brings back, milliseconds since the epoch. */
  readonly lostAt?: number | null;
}

/** What it works with, and to whom it says what happens. */
interface KeptLoginOptions<Client extends SignalingClient> {
  readonly options: ResolvedOptions<Client>;
  readonly wanted: WantedState;
  readonly lane: Lane;
  readonly report: Report;
  /** Counts the tokens of a session, from one login to the next. */
  nextSerial(): number;
  onClient(client: Client, sdkVersion: string | null): void;
  /** Passes an event of the SDK's on to the app. */
  forward(event: ForwardedEvent): void;
}

/** A login that stood this long, or for half its token's life, was a good one: failures before it no longer count. */
const STABLE_MS = 60_000;

/** One stretch of being logged in, from `login()` to `logout()` or failure, with all recoveries in between. */
export class KeptLogin<Client extends SignalingClient> {
  readonly tokens: SessionTokens;
  readonly #options: ResolvedOptions<Client>;
  readonly #wanted: WantedState;
  readonly #lane: Lane;
  readonly #report: Report;
  readonly #hooks: KeptLoginOptions<Client>;
  readonly #stopper = new AbortController();
  #stopWake: () => void = () => {};
  #stopListening: () => void = () => {};
  #claimed: ClaimedClient<Client> | null = null;
  #login: SdkLogin | null = null;
  readonly #delivery: TokenDelivery;
  #loss: Deferred<LinkLoss> = deferred();
  #connectedAt: Instant | null = null;
  #lostAt: number | null = null;
  /** When the link was last seen to be good by an event of Signaling's, milliseconds since the epoch. */
  #goodAt = 0;
  #everConnected = false;
  #isUp = false;
  #recovery: RecoveryCause | null = null;
  #relogins = 0;
  #refusals = 0;
  #keepsTurn = false;
  #loggedOut: Promise<void> | null = null;

  constructor(hooks: KeptLoginOptions<Client>) {
    const { options, report } = hooks;
    this.#hooks = hooks;
    this.#options = options;
    this.#wanted = hooks.wanted;
    this.#lane = hooks.lane;
    this.#report = report;
    this.#delivery = new TokenDelivery({
      clock: options.clock,
      lane: hooks.lane,
      tokens: () => this.tokens,
      login: () => this.#login,
      client: () => this.#claimed?.client ?? null,
      isJoined: (channelName) => this.#wanted.isJoined(channelName),
      onDoubt: () => this.doubt(),
    });
    this.tokens = new SessionTokens(options.source, {
      ...options,
      nextSerial: () => hooks.nextSerial(),
      isLive: (target) => this.#delivery.isLive(target),
      apply: (target, grant, done) => this.#delivery.renew(target, grant, done),
      report: (event) => this.#onTokenEvent(event),
    });
  }

  /** Whether there has been a connection. */
  get everConnected(): boolean {
    return this.#everConnected;
  }

  /** When the connection was lost that has not been brought back yet, milliseconds since the epoch. */
  get lostAt(): number | null {
    return this.#lostAt;
  }

  /** Logs in and stays logged in until it is stopped or fails. */
  async start({ sdk, takeTurn, lostAt = null }: StartOptions<Client>): Promise<void> {
    this.#lostAt = lostAt;
    this.#recovery = lostAt === null ? null : 'link-failed';
    try {
      this.#stopWake = this.#options.wake(() => this.tokens.check('wake'));
      await takeTurn(this.#signal);
      this.#signal.throwIfAborted();
      this.#report({ type: 'state', state: { status: 'connecting' } });
      this.#signal.throwIfAborted();
      // What an earlier login was joined in needs tokens too, and they come with the same request.
      const ready = Promise.all([this.tokens.obtainLogin('login'), this.#prepareClient(sdk)]);
      this.tokens.keep(this.#wanted.channelNames);
      let [grant] = await bounded(ready, { signal: this.#signal });
      for (;;) grant = await this.#recover(await this.#stayLoggedIn(grant));
    } catch (error) {
      if (!this.#signal.aborted)
        this.#report({ type: 'end', error: asSessionError(error), keepsTurn: this.#keepsTurn });
    }
  }

  /** Stops everything at once; resolves when the SDK has logged out, after 5 s at most. */
  stop(reason: SessionError): Promise<void> {
    if (this.#loggedOut) return this.#loggedOut;
    this.#stopper.abort(reason);
    this.#stopWake();
    this.#stopListening();
    this.#down();
    this.tokens.close();
    this.#loggedOut = this.#logout();
    this.#claimed?.release(this.#loggedOut.then(() => this.#login?.condition ?? null));
    return this.#loggedOut;
  }

  /** Renews all tokens now; rejects with the first failure, and when the login ends. */
  async renewTokens(): Promise<void> {
    const failure = await bounded(this.tokens.renewAll(), { signal: this.#signal });
    if (failure) throw tokenError(failure);
  }

  /** What was wanted is there again, or why not. */
  restored(results: RestoreResult[]): void {
    const to = this.#options.clock.now();
    const from = this.#lostAt ?? to;
    this.#lostAt = null;
    const cause = this.#recovery;
    if (cause) this.#report({ type: 'restored', cause, results, gap: { from, to } });
    this.#recovery = null;
  }

  /** The link is not what it is believed to be: the login is begun again. */
  doubt(): void {
    this.#login?.doubt({ reason: 'network', code: NOT_CONNECTED });
  }

  get #signal(): AbortSignal {
    return this.#stopper.signal;
  }

  async #prepareClient(loading: StartOptions<Client>['sdk']): Promise<void> {
    const { client, userId, rtmConfig } = this.#options;
    const sdk = loading ? await loadedSdk(loading) : null;
    this.#signal.throwIfAborted();
    if (sdk) this.#claimed = claimClient(sdk, this.#options, rtmConfig, this);
    else if (client) this.#claimed = adoptClient(client, userId, this);
    const condition = await this.#claimed?.idle;
    this.#signal.throwIfAborted();
    if (!this.#claimed || !condition) return;
    this.#attach(this.#claimed, condition);
    this.#hooks.onClient(this.#claimed.client, sdk?.VERSION ?? null);
    // A client of unknown state is logged out first, and what its login left behind with it.
    if (condition === 'unclean') await this.#logout();
  }

  #attach({ client, logouts }: ClaimedClient<Client>, condition: ClientCondition): void {
    const { clock } = this.#options;
    this.#login = new SdkLogin({
      client,
      clock,
      condition,
      logouts,
      tokens: this.tokens,
      whenRoom: (call) => void this.#lane.enter('urgent', call),
      onNews: (news) => this.#onNews(news),
    });
    this.#stopListening = listenToClient(client, (event) => this.#onClientEvent(event));
  }

  // ---- Logging in, again and again

  #stayLoggedIn(grant: Grant | null): Promise<LinkLoss> {
    this.#loss = deferred();
    this.#connectedAt = null;
    this.#delivery.login(grant);
    return bounded(this.#loss.promise, { signal: this.#signal });
  }

  /** The link is lost for good: decides whether to log in again, and makes ready for it. Resolves with the token to do it with. */
  async #recover(loss: LinkLoss): Promise<Grant | null> {
    const { maxRelogins, random, retry, clock } = this.#options;
    const stable = this.#wasStable();
    const established = this.#connectedAt !== null;
    this.#relogins = stable ? 1 : this.#relogins + 1;
    // A token that was accepted and then lapsed was not refused.
    const refused = loss.reason === 'token' && !established;
    this.#refusals = stable ? 0 : this.#refusals + (refused ? 1 : 0);
    const withTokens = this.#options.source !== null;
    const hopeless = hopelessError(loss, {
      refusals: this.#refusals,
      relogins: this.#relogins,
      maxRelogins,
      withTokens,
    });
    if (hopeless) {
      this.#decide('stop', loss, null);
      this.#keepsTurn = keepsTurn(loss);
      throw hopeless;
    }
    const waitMs = reloginDelayMs(loss, this.#relogins, random(), retry);
    this.#decide('relogin', loss, waitMs);
    this.#signal.throwIfAborted();
    const cause = this.#everConnected ? causeOf(loss) : 'login';
    if (this.#everConnected) {
      this.#recovery = recoveryCause(loss);
      this.#report({ type: 'state', state: { status: 'recovering', cause: this.#recovery, attempt: this.#relogins } });
      this.#signal.throwIfAborted();
    }
    if (loss.reason === 'token') this.tokens.login.spendHeld();
    const ready = Promise.all([this.tokens.obtainLogin(cause), this.#logout(), pause(clock, waitMs, this.#signal)]);
    this.#wanted.prepareTokens('expired');
    const [grant] = await bounded(ready, { signal: this.#signal });
    return grant;
  }

  #decide(does: 'relogin' | 'stop' | 'wait', { reason, code }: LinkLoss, delayMs: number | null): void {
    const { why } = REMEDIES[reason];
    this.#report({ type: 'decision', about: LOGIN, does, reason, why, code, delayMs });
  }

  async #logout(): Promise<void> {
    await this.#login?.logout();
    if (!this.#login || this.#login.clean) this.#wanted.loggedOut();
  }

  #wasStable(): boolean {
    if (!this.#connectedAt) return false;
    const lifeMs = this.#delivery.given?.lifeMs ?? Number.POSITIVE_INFINITY;
    return elapsedMs(this.#options.clock, this.#connectedAt) >= Math.min(STABLE_MS, lifeMs / 2);
  }

  // ---- What the SDK tells

  #onNews(news: LoginNews): void {
    if (news.is === 'up') {
      this.#up(news);
      return;
    }
    // At once, or the channels' own failures that follow would be taken for trouble of theirs.
    this.#down();
    if (news.is !== 'down') this.#wanted.loginGone();
    if (news.is === 'down') {
      this.#decide('wait', news.loss, null);
      this.#report({ type: 'state', state: { status: 'reconnecting', cause: String(news.loss.code) } });
    } else if (news.is === 'lost') this.#loss.resolve(news.loss);
    else this.#report({ type: 'end', error: null, keepsTurn: false });
  }

  #up(link: LinkStands): void {
    const { first, resumed } = link;
    const cause = first ? this.#recovery : resumed ? null : 'not-resumed';
    this.#recovery = cause;
    this.#everConnected = true;
    this.#isUp = true;
    this.#goodAt = this.#options.clock.now();
    this.#delivery.linkUp();
    if (first) this.#connectedAt = instant(this.#options.clock);
    if (!first) this.tokens.check('reconnected');
    if (!first && resumed) this.#lostAt = null;
    this.#wanted.linkUp(link);
    this.tokens.look();
    this.#report({ type: 'state', state: { status: 'connected' } });
  }

  #down(): void {
    // Nothing is received any more long before the SDK notices that its link is lost.
    if (this.#isUp) this.#lostAt ??= Math.max(this.#goodAt, this.#wanted.answeredAt);
    this.#delivery.stop();
    if (this.#isUp) this.tokens.linkLost();
    this.#isUp = false;
    this.#wanted.linkDown();
  }

  #onClientEvent(told: ClientEvent): void {
    if (isInspected(told)) this.#report({ type: 'sdk', name: told.name, detail: detailOf(told) });
    if (told.name === 'tokenPrivilegeWillExpire') {
      this.#willExpire(told.event === '' ? SIGNALING : { kind: 'stream', channelName: told.event });
      return;
    }
    if (told.name !== 'linkState' && told.name !== 'token') this.#goodAt = this.#options.clock.now();
    this.#hooks.forward(told);
    if (told.name === 'linkState') this.#onLinkState(told.event);
    else if (told.name === 'topic') this.#wanted.onTopic(told.event);
    // READ_PERMISSION_REVOKED is no expiry: the app is told, and nothing is renewed.
    else if (told.name === 'token' && told.event.eventType === 'WILL_EXPIRE') this.#willExpire(SIGNALING);
  }

  #onLinkState(event: LinkStateEvent): void {
    if (event.serviceType === 'STREAM') this.#wanted.onStreamLink(event);
    else {
      this.#login?.onEvent(event);
      this.#delivery.watchLapse();
    }
  }

  #onTokenEvent(event: TokenEvent): void {
    if (event.type === 'warning') this.#options.logger.warn(event.message);
    else if (event.type === 'granted') this.#tokenSettled(event.target, null);
    else if (event.type === 'tokenFailed') {
      const { failure, ...failed } = event;
      this.#report({ ...failed, error: tokenError(failure) });
      if (event.retryInMs === null) this.#tokenSettled(event.target, failure);
    } else this.#report(event);
  }

  #tokenSettled(target: TokenTarget, failure: TokenFailure | null): void {
    deliveryOf(target).settled(target, failure, {
      loginAgain: () => this.#delivery.loginAgain(),
      onToken: (channelName, why) => this.#wanted.onToken(channelName, why),
    });
  }

  #willExpire(target: TokenTarget): void {
    if (this.#login && this.#login.link !== 'FAILED') this.tokens.willExpire(target);
  }
}

function causeOf(loss: LinkLoss): 'expired' | 'rejected' | 'reconnected' {
  const cause = recoveryCause(loss);
  return cause === 'expired' || cause === 'rejected' ? cause : 'reconnected';
}
