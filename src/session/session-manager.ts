import type { JoinOptions, RTMClient, SubscribeOptions } from 'agora-rtm-sdk';
import { EventEmitter } from 'eventemitter3';
import { platformLocks, platformPage, TabTurn } from '../environment/tab-turn.js';
import type { Failed } from '../token/token-applier.js';
import { EventOrder } from './event-order.js';
import { loadEngine } from './load-engine.js';
import type { ResolvedOptions } from './login/resolved-options.js';
import type { EngineListener, SessionEngine } from './login/session-engine.js';
import { LoginCallers, type LoginOptions } from './login-callers.js';
import type { ForwardedEvent } from './sdk/client-events.js';
import type { SdkModule } from './sdk/load-sdk.js';
import type { SignalingClient, SignalingEventMap } from './sdk/signaling-client.js';
import type { SessionEvents } from './session-events.js';
import { checkChannelName, resolveOptions, type SessionManagerOptions } from './session-options.js';
import { plainCause, SessionError, tokenError } from './state/session-error.js';
import { SnapshotKeeper } from './state/session-snapshot.js';
import { isSameState, type SessionSnapshot, type SessionState } from './state/session-state.js';
import type { StreamChannelHandle } from './wanted/stream-channel.js';

/**
 * Keeps one user logged in to Agora Signaling: fetches tokens, logs in, joins stream channels, renews every token ahead of time and
 * recovers from whatever can be recovered from.
 *
 * ```ts
 * const session = new SessionManager({ appId, userId: 'alice', tokens: '/api/agora/tokens' });
 * await session.login();
 * await session.subscribe('lobby');
 * ```
 *
 * Importing this module loads no SDK, so it may be imported during server rendering; the first `login()` loads it. Events are told one
 * after the other; as with every emitter, a listener that throws keeps an event from those after it, and its error is uncaught.
 */
export class SessionManager<Client extends SignalingClient = RTMClient> extends EventEmitter<SessionEvents> {
  readonly appId: string;
  readonly userId: string;
  /** Logs out; there where the platform knows `Symbol.asyncDispose`. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #options: ResolvedOptions<Client>;
  readonly #callers: LoginCallers;
  readonly #snapshots: SnapshotKeeper;
  readonly #turn: TabTurn;
  readonly #events: EventOrder = new EventOrder();
  #state: SessionState = { status: 'idle' };
  #engine: SessionEngine<Client> | null = null;
  /** From `login()` to `logout()` or failure: the engine, which the first login still has to load. */
  #login: Promise<SessionEngine<Client>> | null = null;
  #client: Client | null = null;

  /** @throws SessionError INVALID_ARGUMENT that names the option and what was expected */
  constructor(options: SessionManagerOptions<Client>) {
    super();
    this.#options = resolveOptions(options);
    this.appId = this.#options.appId;
    this.userId = this.#options.userId;
    this.#callers = new LoginCallers(this.#options.clock, () => {
      // Nobody waits for the first login any more: it stops. One that had succeeded before goes on recovering.
      if (this.#login && !this.#engine?.everConnected) void this.logout();
    });
    this.#turn = new TabTurn(`agora-session ${this.appId} ${this.userId}`, platformLocks(), platformPage());
    this.#snapshots = new SnapshotKeeper(this.#takeSnapshot());
  }

  /** Where the session stands; changes are told by the event `state`. */
  get state(): SessionState {
    return this.#state;
  }

  /** Everything worth showing, frozen; the same object until something changes, which the event `snapshot` tells. */
  get snapshot(): SessionSnapshot {
    return this.#snapshots.current;
  }

  /**
   * The SDK's client, to be used for everything but logging in and out and renewing tokens.
   *
   * @throws SessionError NOT_LOGGED_IN before the first login has loaded the SDK
   */
  get rtm(): Client {
    if (!this.#client)
      throw new SessionError('NOT_LOGGED_IN', 'There is no client before the first login; await `login()`.');
    return this.#client;
  }

  /**
   * Logs in and stays logged in. Always settles: resolves when connected, at once if it is already; rejects with a
   * {@link SessionError}. Several calls share one login; a time-out or signal detaches its own caller only, and the login stops when
   * nobody waits for it any more. After `failed` it starts over, and restores what was wanted before.
   *
   * Codes: `LOGIN_TIMEOUT` (with the last token trouble as `cause`), `ABORTED`, `LOGGED_OUT`, `SDK_LOAD_FAILED`, `ALREADY_ACTIVE`,
   * `CONFIGURATION`, `LOGIN_FAILED`, `DISPLACED`, `KICKED` and the `TOKEN_…` codes.
   */
  async login(options: LoginOptions = {}): Promise<void> {
    LoginCallers.check(options);
    if (this.#login && this.#state.status === 'connected') return;
    const waited = this.#callers.wait(options);
    if (!this.#login) this.#start();
    await waited;
  }

  /**
   * Resolves when connected, at once if it is; rejects when the session fails or is logged out, and with `NOT_LOGGED_IN` when nobody
   * has called `login()`. Waiting here does not keep a login going.
   */
  async ready(): Promise<void> {
    if (this.#state.status === 'connected') return;
    if (this.#state.status === 'failed') throw this.#state.error;
    this.#assertActive();
    await this.#callers.connected();
  }

  /**
   * Logs out and forgets channels and subscriptions. Wins over everything that is pending, which rejects with `LOGGED_OUT`. Never
   * rejects, and resolves after 5 s at the latest, when the network is gone.
   */
  async logout(): Promise<void> {
    const error = new SessionError('LOGGED_OUT', 'The session was logged out.');
    this.#login = null;
    this.#turn.release();
    this.#callers.rejectAll(error);
    // Idle comes first: a listener that logs in again at once begins a login of its own, after this logout.
    this.#setState({ status: 'idle' });
    await this.#engine?.stop(error);
  }

  /**
   * Joins a stream channel with an RTC token of its own and keeps both; one that is joined already is given again. Waits while the
   * session is connecting or recovering, and while the token server fails for a reason that may pass.
   *
   * Codes: `INVALID_ARGUMENT`, `NOT_LOGGED_IN`, `LOGGED_OUT`, `CHANNEL_FAILED`, `TOKEN_REJECTED`, `TOKEN_DENIED` and the other token codes.
   *
   * @param options the SDK's join options but for the token
   */
  async joinStreamChannel(channelName: string, options?: Omit<JoinOptions, 'token'>): Promise<StreamChannelHandle> {
    checkChannelName(channelName);
    const engine = await this.#active();
    return engine.join(channelName, options);
  }

  /**
   * Subscribes to a message channel and stays subscribed across recoveries. Waits while the session is connecting or recovering.
   *
   * Codes: `INVALID_ARGUMENT`, `NOT_LOGGED_IN`, `LOGGED_OUT`, `CHANNEL_FAILED`.
   */
  async subscribe(channelName: string, options?: SubscribeOptions): Promise<void> {
    checkChannelName(channelName);
    const engine = await this.#active();
    await engine.subscribe(channelName, options);
  }

  /** Unsubscribes from a message channel; a `subscribe` that is pending rejects with `ABORTED`. Rejects with `INVALID_ARGUMENT` only. */
  async unsubscribe(channelName: string): Promise<void> {
    checkChannelName(channelName);
    await this.#engine?.unsubscribe(channelName);
  }

  /**
   * Renews the login's and every channel's token now, in one request. Resolves when the SDK has them, or while the link is down when
   * they are in hand; rejects with the first failure (`TOKEN_…`, `RENEWAL_FAILED`), which is being repeated in the background unless
   * it is a denial, with `NOT_LOGGED_IN` and with `LOGGED_OUT`. A channel that was denied before is asked for again.
   */
  async renewTokens(): Promise<void> {
    const engine = await this.#active();
    await engine.renewTokens();
  }

  #start(): void {
    const { client, loadSdk } = this.#options;
    // The SDK and the engine are fetched side by side; what became of the SDK is looked at when it is needed.
    const sdk = client ? null : Promise.resolve().then(loadSdk);
    sdk?.catch(() => {});
    const login = this.#loadEngine();
    this.#login = login;
    this.#setState({ status: 'connecting' });
    void this.#begin(login, sdk);
  }

  async #begin(login: Promise<SessionEngine<Client>>, sdk: Promise<SdkModule<Client>> | null): Promise<void> {
    try {
      const engine = await login;
      if (this.#login === login) engine.start({ sdk, takeTurn: (signal) => this.#takeTurn(signal, engine) });
    } catch (error) {
      const message = 'A part of agora-session could not be loaded; was the app deployed since this page was opened?';
      if (this.#login === login) this.#ended(new SessionError('SDK_LOAD_FAILED', message, plainCause(error)));
    }
  }

  async #loadEngine(): Promise<SessionEngine<Client>> {
    if (this.#engine) return this.#engine;
    const { SessionEngine } = await loadEngine();
    this.#engine ??= new SessionEngine(this.#options, this.#listener());
    return this.#engine;
  }

  #listener(): EngineListener<Client> {
    return {
      onState: (state) => this.#setState(state),
      onClient: (client) => {
        this.#client = client;
      },
      onForward: (name, event) => this.#forward(name, event),
      onRenewed: (event) => {
        this.#callers.lastTokenError = null;
        this.#tell('tokenRenewed', event);
      },
      onTokenFailed: (event) => this.#tokenFailed(event),
      onRestored: (event) => this.#tell('restored', event),
      onChannel: (event) => {
        this.#tell('channel', event);
        this.#changed();
      },
      onChange: () => this.#changed(),
      onEnd: (error) => this.#ended(error),
    };
  }

  async #takeTurn(signal: AbortSignal, engine: SessionEngine<Client>): Promise<void> {
    if (this.#options.tabs === 'takeover') return;
    await this.#turn.take(signal, {
      onWaiting: () => this.#setState({ status: 'waiting' }),
      onLost: () => engine.restart(),
      onUnavailable: (message) => this.#options.logger.warn(message),
    });
  }

  /** @param error why, or null when the app logged the SDK's client out by itself */
  #ended(error: SessionError | null): void {
    if (!error) {
      void this.logout();
      return;
    }
    if (!this.#login) return;
    this.#login = null;
    // A tab that was displaced or kicked keeps its turn, or the next one would fight the other device, or be kicked as well.
    if (error.code === 'DISPLACED' || error.code === 'KICKED') this.#turn.keep();
    else this.#turn.release();
    this.#callers.rejectAll(error);
    this.#setState({ status: 'failed', error });
  }

  #assertActive(): void {
    if (!this.#login) throw new SessionError('NOT_LOGGED_IN', 'The session is not logged in; call `login()` first.');
  }

  async #active(): Promise<SessionEngine<Client>> {
    this.#assertActive();
    const login = this.#login;
    const engine = await login?.catch(() => null);
    if (engine && this.#login === login) return engine;
    throw this.#state.status === 'failed'
      ? this.#state.error
      : new SessionError('LOGGED_OUT', 'The session was logged out.');
  }

  #tokenFailed({ target, failure, attempt, retryInMs }: Failed): void {
    const error = tokenError(failure);
    this.#callers.lastTokenError = { ...failure.cause, name: failure.cause?.name ?? 'TokenError', code: failure.code };
    this.#tell('tokenError', { target, error, attempt, retryInMs });
  }

  #setState(state: SessionState): void {
    const previous = this.#state;
    if (isSameState(state, previous)) return;
    this.#state = Object.freeze(state);
    this.#callers.timed = state.status !== 'waiting';
    if (state.status === 'connected') this.#callers.resolveAll();
    this.#tell('state', state, previous);
    this.#changed();
  }

  #changed(): void {
    if (this.#snapshots.update(this.#takeSnapshot())) this.#tell('snapshot', this.#snapshots.current);
  }

  #takeSnapshot(): SessionSnapshot {
    const parts = this.#engine?.snapshot ?? { tokens: [], channels: [], subscriptions: [] };
    return { appId: this.appId, userId: this.userId, state: this.#state, ...parts };
  }

  #forward<Name extends ForwardedEvent>(name: Name, event: Parameters<SignalingEventMap[Name]>[0]): void {
    // The same parameters, which the compiler cannot see through `Name`.
    this.#tell(name, ...([event] as unknown as Parameters<SessionEvents[Name]>));
  }

  #tell<Name extends keyof SessionEvents>(name: Name, ...args: Parameters<SessionEvents[Name]>): void {
    this.#events.tell(() => this.emit(name, ...(args as never)));
  }
}

// Browsers without the symbol get a session without the method rather than one called "undefined".
if (Symbol.asyncDispose) {
  const value = SessionManager.prototype.logout;
  Object.defineProperty(SessionManager.prototype, Symbol.asyncDispose, { configurable: true, value });
}
