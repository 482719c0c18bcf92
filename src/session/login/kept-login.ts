import { elapsedMs, type Instant, instant } from '../../environment/clock.js';
import { bounded, type Deferred, deferred, pause } from '../../environment/waiting.js';
import { SIGNALING } from '../../token/targets.js';
import type { TokenFailure } from '../../token/token-failure.js';
import type { Grant } from '../../token/token-lease.js';
import type { TokenTarget } from '../../token/token-source.js';
import { type ClientEvent, detailOf, type ForwardedEvent, isInspected, listenToClient } from '../sdk/client-events.js';
import { adoptClient, type ClaimedClient, claimClient } from '../sdk/client-registry.js';
import type { Lane } from '../sdk/lane.js';
import type { LinkEvidence } from '../sdk/link-evidence.js';
import { loadedSdk, type SdkModule } from '../sdk/load-sdk.js';
import { REMEDIES } from '../sdk/remedies.js';
import type { SignalingClient } from '../sdk/signaling-client.js';
import { type Decision, LOGIN, type Report } from '../state/inspection-event.js';
import { asSessionError, type SessionError, tokenError } from '../state/session-error.js';
import type { RestoreResult } from '../state/session-state.js';
import type { WantedState } from '../wanted/wanted-state.js';
import { ConnectionGap } from './connection-gap.js';
import { deliveryOf } from './deliveries.js';
import { type LinkLoss, Recoveries, recoveryCause, standing } from './login-decision.js';
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
  readonly link: LinkEvidence;
  readonly report: Report;
  /** Counts the tokens of a session, from one login to the next. */
  nextSerial(): number;
  onClient(client: Client, sdkVersion: string | null): void;
  /** Passes an event of the SDK's on to the app. */
  forward(event: ForwardedEvent): void;
}

/** One stretch of being logged in, from `login()` to `logout()` or failure, with all recoveries in between. */
export class KeptLogin<Client extends SignalingClient> {
  readonly tokens: SessionTokens;
  readonly #hooks: KeptLoginOptions<Client>;
  readonly #stopper = new AbortController();
  readonly #recoveries: Recoveries;
  readonly #delivery: TokenDelivery;
  readonly #gap: ConnectionGap;
  #stopWake: () => void = () => {};
  #stopListening: () => void = () => {};
  #claimed: ClaimedClient<Client> | null = null;
  #login: SdkLogin | null = null;
  #loss: Deferred<LinkLoss> = deferred();
  /** This tab's turn, with which tokens are first asked for. */
  #turn: Promise<void> = Promise.resolve();
  #everConnected = false;
  /** Since when the present login of the SDK's has stood; null before it does. */
  #connectedAt: Instant | null = null;
  #loggedOut: Promise<void> | null = null;

  constructor(hooks: KeptLoginOptions<Client>) {
    const { options, lane, link, wanted } = hooks;
    this.#hooks = hooks;
    this.#recoveries = new Recoveries(options);
    this.#gap = new ConnectionGap(options.clock);
    this.#delivery = new TokenDelivery({
      clock: options.clock,
      lane,
      link,
      login: () => this.#login,
      isJoined: (channelName) => wanted.isJoined(channelName),
      calling: (channelName) => wanted.calling(channelName),
    });
    this.tokens = new SessionTokens({
      ...options,
      nextSerial: () => hooks.nextSerial(),
      isLive: (target) => this.#delivery.isLive(target),
      apply: (target, grant, done) => this.#delivery.renew(target, grant, done),
      report: (event) => hooks.report(event),
      settled: (target, failure) => this.#tokenSettled(target, failure),
    });
  }

  /** Whether there has been a connection. */
  get everConnected(): boolean {
    return this.#everConnected;
  }

  /** When the connection was lost that has not been brought back yet, milliseconds since the epoch. */
  get lostAt(): number | null {
    return this.#gap.from;
  }

  /** Logs in and stays logged in until it is stopped or fails. */
  async start({ sdk, takeTurn, lostAt = null }: StartOptions<Client>): Promise<void> {
    const { options, wanted, report } = this.#hooks;
    if (lostAt !== null) this.#gap.continue(lostAt);
    try {
      this.#stopWake = options.wake(() => this.tokens.keeper?.check('wake'));
      this.#turn = takeTurn(this.#signal);
      await this.#turn;
      this.#signal.throwIfAborted();
      report({ type: 'state', state: { status: 'connecting' } });
      this.#signal.throwIfAborted();
      // What an earlier login was joined in needs tokens too, and they come with the same request.
      const ready = Promise.all([this.tokens.obtainLogin('login'), this.#prepareClient(sdk)]);
      this.tokens.keep(wanted.channelNames);
      let [grant] = await bounded(ready, { signal: this.#signal });
      for (;;) grant = await this.#recover(await this.#stayLoggedIn(grant));
    } catch (error) {
      if (!this.#signal.aborted) report({ type: 'end', error: asSessionError(error), keepsTurn: false });
    }
  }

  /** Stops everything at once; resolves when the SDK has logged out, after 5 s at most. */
  stop(reason: SessionError): Promise<void> {
    if (this.#loggedOut) return this.#loggedOut;
    this.#stopper.abort(reason);
    // The app's own: one that throws, or was not given, must not keep the rest from ending.
    void Promise.resolve().then(this.#stopWake);
    this.#stopListening();
    this.#down();
    this.tokens.keeper?.close();
    this.#loggedOut = this.#logout();
    this.#claimed?.release(this.#loggedOut.then(() => this.#login?.condition ?? null));
    return this.#loggedOut;
  }

  /** Renews all tokens now; rejects with the first failure, and when the login ends. */
  async renewTokens(): Promise<void> {
    const renewed = this.#turn.then(() => this.tokens.renewAll());
    const failure = await bounded(renewed, { signal: this.#signal });
    if (failure) throw tokenError(failure);
  }

  /** What was wanted is there again, or why not. */
  restored(results: RestoreResult[]): void {
    const ended = this.#gap.end();
    if (ended) this.#hooks.report({ type: 'restored', results, ...ended });
  }

  /** The link is not what it is believed to be: the login is begun again. */
  doubt(): void {
    this.#login?.doubt();
  }

  get #signal(): AbortSignal {
    return this.#stopper.signal;
  }

  async #prepareClient(loading: StartOptions<Client>['sdk']): Promise<void> {
    const { options, lane } = this.#hooks;
    const sdk = loading ? await loadedSdk(loading) : null;
    this.#signal.throwIfAborted();
    if (sdk) this.#claimed = claimClient(sdk, options, options.rtmConfig, this);
    else if (options.client) this.#claimed = adoptClient(options.client, options.userId, this);
    const condition = await this.#claimed?.idle;
    this.#signal.throwIfAborted();
    if (!this.#claimed || !condition) return;
    const { client, logouts } = this.#claimed;
    this.#login = new SdkLogin({
      client,
      clock: options.clock,
      condition,
      logouts,
      tokens: this.tokens,
      whenRoom: (call) => void lane.enter('urgent', call),
      onNews: (news) => this.#onNews(news),
    });
    this.#stopListening = listenToClient(client, (event) => this.#onClientEvent(event));
    this.#hooks.onClient(client, sdk?.VERSION ?? null);
    // A client of unknown state is logged out first, and what its login left behind with it.
    if (condition === 'unclean') await this.#logout();
  }

  // ---- Logging in, again and again

  #stayLoggedIn(grant: Grant | null): Promise<LinkLoss> {
    this.#loss = deferred();
    this.#connectedAt = null;
    this.#login?.login(grant);
    return bounded(this.#loss.promise, { signal: this.#signal });
  }

  /** The link is lost for good: decides whether to log in again, and makes ready for it. Resolves with the token to do it with. */
  async #recover(loss: LinkLoss): Promise<Grant | null> {
    const { options, report, wanted } = this.#hooks;
    const stoodMs = this.#connectedAt && elapsedMs(options.clock, this.#connectedAt);
    const decision = this.#recoveries.decide(loss, standing(stoodMs, this.#login?.lifeMs));
    this.#tell(decision.does, loss, decision.delayMs);
    if (decision.does === 'stop') report({ type: 'end', error: decision.error, keepsTurn: decision.keepsTurn });
    this.#signal.throwIfAborted();
    const recovery = recoveryCause(loss);
    if (this.#everConnected) {
      this.#gap.restoreFor(recovery);
      report({ type: 'state', state: { status: 'recovering', cause: recovery, attempt: this.#recoveries.attempt } });
      this.#signal.throwIfAborted();
    }
    if (loss.reason === 'token') this.tokens.login.spendHeld();
    const again = recovery === 'expired' || recovery === 'rejected' ? recovery : 'reconnected';
    const ready = Promise.all([
      this.tokens.obtainLogin(this.#everConnected ? again : 'login'),
      this.#logout(),
      pause(options.clock, decision.delayMs ?? 0, this.#signal),
    ]);
    wanted.prepareTokens('expired');
    const [grant] = await bounded(ready, { signal: this.#signal });
    return grant;
  }

  async #logout(): Promise<void> {
    await this.#login?.logout();
    // One that never came to its client knows nothing of what an earlier one has left there.
    if (this.#login ? this.#login.clean : !this.#hooks.wanted.mayOwe) this.#hooks.wanted.loggedOut();
  }

  /** Says what is done about a loss, and why. */
  #tell(
    does: Decision['does'],
    { reason, code }: Pick<Decision, 'reason' | 'code'>,
    delayMs: number | null,
    why: string = REMEDIES[reason].why,
  ): void {
    this.#hooks.report({ type: 'decision', about: LOGIN, does, reason, why, code, delayMs });
  }

  // ---- What the SDK tells

  #onNews(news: LoginNews): void {
    const { report, wanted } = this.#hooks;
    if (news.is === 'up') this.#up(news);
    else if (news.is === 'again') this.#tell('relogin', { reason: 'token', code: null }, 0);
    else {
      // At once, or the channels' own failures that follow would be taken for trouble of theirs.
      this.#down(news.is === 'closed' ? null : news.loss);
      if (news.is !== 'down') wanted.loginGone();
      if (news.is === 'down') {
        this.#tell('wait', news.loss, null, 'The SDK restores its link by itself, until it gives up.');
        report({ type: 'state', state: { status: 'reconnecting', cause: String(news.loss.code) } });
      } else if (news.is === 'lost') this.#loss.resolve(news.loss);
      else report({ type: 'end', error: null, keepsTurn: false });
    }
  }

  #up(link: LinkStands): void {
    const { options, wanted, report } = this.#hooks;
    const { first, resumed } = link;
    if (!first) this.#gap.restoreFor(resumed ? 'resumed' : 'not-resumed');
    this.#everConnected = true;
    this.#gap.seenGood();
    if (first) this.#connectedAt = instant(options.clock);
    else this.tokens.keeper?.check('reconnected');
    wanted.linkUp(link);
    this.tokens.look();
    report({ type: 'state', state: { status: 'connected' } });
  }

  #down(loss: LinkLoss | null = null): void {
    const { link, wanted } = this.#hooks;
    if (this.#everConnected) this.#gap.begin(loss?.reason ?? null, link.goodAt);
    wanted.linkDown();
  }

  #onClientEvent(told: ClientEvent): void {
    const { report, forward, wanted } = this.#hooks;
    if (isInspected(told)) report({ type: 'sdk', name: told.name, detail: detailOf(told) });
    if (told.name === 'tokenPrivilegeWillExpire') {
      this.#willExpire(told.event === '' ? SIGNALING : { kind: 'stream', channelName: told.event });
      return;
    }
    if (told.name !== 'linkState' && told.name !== 'token') this.#gap.seenGood();
    forward(told);
    if (told.name === 'topic') wanted.onTopic(told.event);
    // READ_PERMISSION_REVOKED is no expiry: the app is told, and nothing is renewed.
    else if (told.name === 'token' && told.event.eventType === 'WILL_EXPIRE') this.#willExpire(SIGNALING);
    else if (told.name !== 'linkState') return;
    else if (told.event.serviceType === 'STREAM') wanted.onStreamLink(told.event);
    else this.#login?.onEvent(told.event);
  }

  #tokenSettled(target: TokenTarget, failure: TokenFailure | null): void {
    deliveryOf(target).settled(target, failure, {
      loginAgain: () => this.#login?.loginAgain(),
      onToken: (channelName, why) => this.#hooks.wanted.onToken(channelName, why),
    });
  }

  #willExpire(target: TokenTarget): void {
    if (this.#login && this.#login.link !== 'FAILED') this.tokens.keeper?.willExpire(target);
  }
}
