import type { RTMEvents } from 'agora-rtm-sdk';
import { elapsedMs, type Instant, instant } from '../../environment/clock.js';
import { bounded, type Deferred, deferred, pause } from '../../environment/waiting.js';
import { retryDelayMs } from '../../token/retry-schedule.js';
import type { ApplyOutcome, Failed, Renewed } from '../../token/token-applier.js';
import type { TokenTarget } from '../../token/token-source.js';
import { type ForwardedEvent, listenToClient } from '../sdk/client-events.js';
import { adoptClient, type ClaimedClient, claimClient } from '../sdk/client-registry.js';
import { decide } from '../sdk/link-policy.js';
import { type JoinToken, LiveConnection } from '../sdk/live-connection.js';
import { loadedSdk, type SdkModule } from '../sdk/load-sdk.js';
import { SdkPace } from '../sdk/sdk-pace.js';
import type { LinkStateEvent, SignalingClient, SignalingEventMap } from '../sdk/signaling-client.js';
import { asSessionError, SessionError, tokenError } from '../state/session-error.js';
import type { RecoveryCause, RestoreResult, SessionState } from '../state/session-state.js';
import type { DesiredState } from '../wanted/desired-state.js';
import { hopelessError, recoveryCause } from './recovery.js';
import { renewToken } from './renew-token.js';
import type { ResolvedOptions } from './resolved-options.js';
import { SessionTokens } from './session-tokens.js';
import { type LinkLoss, SignalingLink } from './signaling-link.js';

/** What a run tells the session that it belongs to. */
export interface RunListener<Client> {
  onState(state: SessionState): void;
  onConnected(connection: LiveConnection): void;
  onClient(client: Client): void;
  onForward<Name extends ForwardedEvent>(name: Name, event: Parameters<SignalingEventMap[Name]>[0]): void;
  onRenewed(event: Renewed): void;
  onTokenFailed(event: Failed): void;
  onRestored(event: { cause: RecoveryCause; results: RestoreResult[]; gap: { from: number; to: number } }): void;
  onChange(): void;
  /** It is over: for a reason, or because the app logged the SDK's client out itself. */
  onEnd(error: SessionError | null): void;
}

/** What a run needs at its start. */
export interface StartOptions<Client extends SignalingClient> {
  /** The SDK, on its way; null for a client that the app made itself. */
  readonly sdk: Promise<SdkModule<Client>> | null;
  /** Resolves when it is this tab's turn to be logged in. */
  takeTurn(signal: AbortSignal): Promise<void>;
  /** When an earlier run lost the login that this one brings back, milliseconds since the epoch. */
  readonly lostAt?: number | null;
}

const SIGNALING: TokenTarget = { kind: 'signaling' };
/** A login that stood this long, or for half its token's life, was a good one: failures before it no longer count. */
const STABLE_MS = 60_000;

/** One stretch of being logged in, from `login()` to `logout()` or failure, with all recoveries in between. */
export class SessionRun<Client extends SignalingClient> {
  readonly #options: ResolvedOptions<Client>;
  readonly #desired: DesiredState;
  readonly #listener: RunListener<Client>;
  readonly #stopper = new AbortController();
  readonly #tokens: SessionTokens;
  readonly #pace: SdkPace;
  #stopWake: () => void = () => {};
  #claimed: ClaimedClient<Client> | null = null;
  #link: SignalingLink | null = null;
  #stopListening: () => void = () => {};
  #loss: Deferred<LinkLoss> = deferred();
  #connection: LiveConnection | null = null;
  #connectedAt: Instant | null = null;
  #lostAt: number | null = null;
  #everConnected = false;
  #recovery: RecoveryCause | null = null;
  #relogins = 0;
  #refusals = 0;
  #loggedOut: Promise<void> | null = null;

  constructor(options: ResolvedOptions<Client>, desired: DesiredState, listener: RunListener<Client>) {
    this.#options = options;
    this.#desired = desired;
    this.#listener = listener;
    this.#pace = new SdkPace(options.clock);
    this.#tokens = new SessionTokens(options.source, {
      ...options,
      canApply: (target, token) => this.#canApply(target, token),
      apply: (target, token) => this.#apply(target, token),
      onRenewed: (event) => listener.onRenewed(event),
      onFailed: (event) => listener.onTokenFailed(event),
      onChange: () => listener.onChange(),
      warn: (message) => options.logger.warn(message),
    });
  }

  get tokens(): SessionTokens {
    return this.#tokens;
  }

  get connection(): LiveConnection | null {
    return this.#connection;
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
      this.#stopWake = this.#options.wake(() => this.#tokens.check('wake'));
      await takeTurn(this.#signal);
      this.#signal.throwIfAborted();
      this.#listener.onState({ status: 'connecting' });
      const login = Promise.all([this.#tokens.obtain(SIGNALING, 'login'), this.#prepareClient(sdk)]);
      // What an earlier login was joined in needs tokens too, and they come with the same request.
      this.#tokens.prepare(this.#desired.targets, 'join');
      let [token] = await bounded(login, { signal: this.#signal });
      for (;;) token = await this.#recover(await this.#stayLoggedIn(token));
    } catch (error) {
      if (!this.#signal.aborted) this.#end(asSessionError(error));
    }
  }

  /** Stops everything at once; resolves when the SDK has logged out, after 5 s at most. */
  stop(reason: SessionError): Promise<void> {
    if (this.#loggedOut) return this.#loggedOut;
    this.#stopper.abort(reason);
    this.#stopWake();
    this.#stopListening();
    this.#disconnect();
    this.#tokens.close();
    this.#loggedOut = this.#link?.logout(this.#options.clock) ?? Promise.resolve();
    this.#claimed?.release(this.#loggedOut);
    return this.#loggedOut;
  }

  /** Renews all tokens now; rejects with the first failure, and when the run ends. */
  async renewTokens(): Promise<void> {
    const failure = await bounded(this.#tokens.renewAll(), { signal: this.#signal });
    if (failure) throw tokenError(failure);
  }

  get #signal(): AbortSignal {
    return this.#stopper.signal;
  }

  #end(error: SessionError | null): void {
    void this.stop(error ?? new SessionError('LOGGED_OUT', "The SDK's client was logged out."));
    this.#listener.onEnd(error);
  }

  async #prepareClient(loading: StartOptions<Client>['sdk']): Promise<void> {
    const { client, userId, rtmConfig } = this.#options;
    const sdk = loading ? await loadedSdk(loading) : null;
    this.#signal.throwIfAborted();
    if (sdk) this.#claimed = claimClient(sdk, this.#options, rtmConfig, this);
    else if (client) this.#claimed = adoptClient(client, userId, this);
    await this.#claimed?.idle;
    this.#signal.throwIfAborted();
    if (this.#claimed) this.#attach(this.#claimed.client);
  }

  #attach(client: Client): void {
    this.#link = new SignalingLink(client, {
      onConnected: (how) => this.#connected(client, how),
      onDown: (reasonCode) => this.#down(reasonCode),
      onLost: (loss) => {
        // At once, or the channels' own failures that follow would be taken for trouble of theirs.
        this.#disconnect();
        this.#desired.lost({ loggedOut: true });
        this.#loss.resolve(loss);
      },
      onClosed: () => this.#end(null),
    });
    this.#stopListening = listenToClient(client, {
      forward: (name, event) => this.#listener.onForward(name, event),
      onLinkState: (event) => this.#onLinkState(event),
      onTopic: (event) => this.#desired.onTopic(event.channelName),
      onToken: (event) => this.#onToken(event),
      onWillExpire: (channelName) => this.#willExpire(channelName === '' ? SIGNALING : { kind: 'stream', channelName }),
    });
    this.#listener.onClient(client);
  }

  #stayLoggedIn(token: JoinToken): Promise<LinkLoss> {
    this.#loss = deferred();
    this.#connectedAt = null;
    this.#link?.login(token);
    return bounded(this.#loss.promise, { signal: this.#signal });
  }

  /** The link is lost for good: decides whether to log in again, and makes ready for it. Resolves with the token to do it with. */
  async #recover(loss: LinkLoss): Promise<JoinToken> {
    const { clock, maxRelogins } = this.#options;
    const refused = loss.reason === 'token';
    const stable = this.#wasStable();
    const established = this.#connectedAt !== null;
    this.#relogins = stable ? 1 : this.#relogins + 1;
    // A token that was accepted and then lapsed was not refused.
    this.#refusals = stable ? 0 : this.#refusals + (refused && !established ? 1 : 0);
    const hopeless = hopelessError(loss, {
      refusals: this.#refusals,
      relogins: this.#relogins,
      maxRelogins,
      withTokens: this.#options.source !== null,
    });
    if (hopeless) throw hopeless;
    if (this.#everConnected) {
      this.#recovery = recoveryCause(loss);
      this.#listener.onState({ status: 'recovering', cause: this.#recovery, attempt: this.#relogins });
      this.#signal.throwIfAborted();
    }
    if (refused) this.#tokens.spend(SIGNALING, established ? {} : this.#link?.used);
    const ready = Promise.all([
      this.#tokens.obtain(SIGNALING, this.#everConnected ? (refused ? 'expired' : 'reconnected') : 'login'),
      this.#link?.logout(clock),
      pause(clock, this.#reloginDelay(loss), this.#signal),
    ]);
    this.#tokens.prepare(this.#desired.targets, 'expired');
    const [token] = await bounded(ready, { signal: this.#signal });
    return token;
  }

  #reloginDelay(loss: LinkLoss): number {
    if (loss.reason === 'token' && this.#relogins === 1) return 0;
    const { retry, random } = this.#options;
    const patience = loss.reason === 'throttled' ? 3 : 0;
    return retryDelayMs(this.#relogins + patience, random(), retry);
  }

  #wasStable(): boolean {
    if (!this.#connectedAt) return false;
    const enoughMs = Math.min(STABLE_MS, this.#tokens.loginLifeMs / 2);
    return elapsedMs(this.#options.clock, this.#connectedAt) >= enoughMs;
  }

  #connected(client: Client, { first, resumed }: { first: boolean; resumed: boolean }): void {
    const { clock, random, retry } = this.#options;
    const connection = new LiveConnection({ client, tokens: this.#tokens, pace: this.#pace, clock, random, retry });
    const cause = first ? this.#recovery : resumed ? null : 'not-resumed';
    this.#connection = connection;
    this.#everConnected = true;
    if (first) this.#connectedAt = instant(clock);
    if (this.#link) this.#tokens.confirm(SIGNALING, this.#link.used);
    if (first || !resumed) this.#desired.lost({ loggedOut: first });
    if (!first) this.#tokens.check('reconnected');
    // A listener that was told of the above may have logged out.
    if (connection.signal.aborted) return;
    this.#listener.onConnected(connection);
    this.#listener.onState({ status: 'connected' });
    void this.#restore(connection, cause);
  }

  async #restore(connection: LiveConnection, cause: RecoveryCause | null): Promise<void> {
    const results = await this.#desired.restore(connection);
    if (connection.signal.aborted) return;
    const to = this.#options.clock.now();
    const from = this.#lostAt ?? to;
    this.#lostAt = null;
    if (cause) this.#listener.onRestored({ cause, results, gap: { from, to } });
  }

  #down(reasonCode: string): void {
    this.#disconnect();
    this.#tokens.pump();
    this.#listener.onState({ status: 'reconnecting', cause: reasonCode });
  }

  #disconnect(): void {
    if (this.#connection) this.#lostAt ??= this.#options.clock.now();
    this.#connection?.close();
    this.#connection = null;
  }

  #onLinkState(event: LinkStateEvent): void {
    if (event.serviceType === 'STREAM') this.#desired.onStreamLink(event);
    else this.#link?.onEvent(event);
  }

  #onToken(event: RTMEvents.TokenEvent): void {
    // READ_PERMISSION_REVOKED is no expiry: the app is told, and nothing is renewed.
    if (event.eventType === 'WILL_EXPIRE') this.#willExpire(SIGNALING);
  }

  #willExpire(target: TokenTarget): void {
    const service = target.kind === 'signaling' ? 'MESSAGE' : 'STREAM';
    if (decide('expiring', service, this.#link?.state ?? 'IDLE') === 'renew') this.#tokens.willExpire(target);
  }

  #canApply(target: TokenTarget, token: string): boolean {
    if (this.#connection) return target.kind === 'signaling' || this.#desired.isJoined(target.channelName);
    const down = this.#link?.state === 'DISCONNECTED' || this.#link?.state === 'SUSPENDED';
    return target.kind === 'signaling' && down && this.#tokens.isLoginLapsed && this.#link?.used.token !== token;
  }

  async #apply(target: TokenTarget, token: string): Promise<ApplyOutcome> {
    const connection = this.#connection;
    if (connection) return renewToken(connection, target, token);
    // The SDK would go on reconnecting with a lapsed token; a login with the fresh one replaces it.
    this.#link?.loginAgain({ token });
    return { kind: 'later' };
  }
}
