import type { RTMClient } from 'agora-rtm-sdk';
import { EventEmitter } from 'eventemitter3';
import { platformLocks, platformPage, TabTurn } from '../environment/tab-turn.js';
import type { PlainCause } from '../token/token-failure.js';
import { Announcer } from './announcer.js';
import {
  type KeptJoinOptions,
  type KeptPublishOptions,
  type KeptSubscribeOptions,
  withoutSignal,
} from './call-options.js';
import { EarlyCalls } from './early-calls.js';
import { loadEngine } from './load-engine.js';
import type { ResolvedOptions } from './login/resolved-options.js';
import type { SessionEngine } from './login/session-engine.js';
import { LoginCallers, type LoginOptions } from './login-callers.js';
import type { SdkModule } from './sdk/load-sdk.js';
import type { SignalingClient } from './sdk/signaling-client.js';
import type { SessionEvents } from './session-events.js';
import { checkChannelName, resolveOptions, type SessionManagerOptions } from './session-options.js';
import type { InspectionEvent } from './state/inspection-event.js';
import { plainCause, SessionError } from './state/session-error.js';
import { isSameState, type SessionSnapshot, type SessionState } from './state/session-state.js';
import { checkMessage, splitQueueOptions } from './wanted/queue-options.js';
import type { StreamChannelHandle } from './wanted/stream-channel.js';
import { type StateSource, type WhenStateOptions, whenState } from './when-state.js';

/** `await using` logs out; there where the types know `Symbol.asyncDispose`. */
type AsyncDisposal = SymbolConstructor extends { readonly asyncDispose: infer Key extends symbol }
  ? { readonly [Name in Key]: () => Promise<void> }
  : object;

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
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: see the interface below
export class SessionManager<Client extends SignalingClient = RTMClient> extends EventEmitter<SessionEvents> {
  readonly appId: string;
  readonly userId: string;
  readonly #options: ResolvedOptions<Client>;
  readonly #callers: LoginCallers;
  readonly #announcer: Announcer;
  readonly #turn: TabTurn;
  readonly #early: EarlyCalls<SessionEngine<Client>> = new EarlyCalls();
  #state: SessionState = Object.freeze({ status: 'idle' });
  #engine: SessionEngine<Client> | null = null;
  /** From `login()` to `logout()` or failure: the engine, which the first login still has to load. */
  #login: Promise<SessionEngine<Client>> | null = null;
  #client: Client | null = null;
  /** Ends the loading of SDK and engine with the login that it is for. */
  #loading = new AbortController();

  /** @throws SessionError INVALID_ARGUMENT that names the option and what was expected */
  constructor(options: SessionManagerOptions<Client>) {
    super();
    this.#options = resolveOptions(options);
    this.appId = this.#options.appId;
    this.userId = this.#options.userId;
    this.#callers = new LoginCallers(this.#options.clock, (error) => {
      // Nobody waits for the first login any more: it stops. One that had succeeded before goes on recovering.
      if (this.#login && !this.#engine?.everConnected) this.#giveUp(error);
    });
    this.#turn = new TabTurn(`agora-session ${this.appId} ${this.userId}`, platformLocks(), platformPage());
    this.#announcer = new Announcer(this, () => this.#takeSnapshot());
  }

  /** Not a plain object: Vue's `reactive()` and the like leave it alone, since a proxy would not reach its private fields. */
  get [Symbol.toStringTag](): string {
    return 'SessionManager';
  }

  /** Where the session stands; changes are told by the event `state`. */
  get state(): SessionState {
    return this.#state;
  }

  /** Everything worth showing, frozen; the same object until something changes, which the event `snapshot` tells. */
  get snapshot(): SessionSnapshot {
    return this.#announcer.snapshot;
  }

  /** What a log or a store that writes JSON keeps of a session. */
  toJSON(): SessionSnapshot {
    return this.snapshot;
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
   * nobody waits for it any more. Then and after `failed` it starts over, and restores what was wanted before.
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
   * Resolves with the state as soon as its status is this one, at once if it is. Rejects with the error of `failed`, unless that was
   * waited for, with `ABORTED` and with `LOGIN_TIMEOUT`.
   */
  async whenState<Status extends SessionState['status']>(
    status: Status,
    options: WhenStateOptions = {},
  ): Promise<Extract<SessionState, { status: Status }>> {
    LoginCallers.check(options);
    const source: StateSource = {
      clock: this.#options.clock,
      state: () => this.#state,
      onState: (listener) => {
        this.on('state', listener);
        return () => this.off('state', listener);
      },
    };
    return whenState(source, status, options);
  }

  /**
   * Logs out and forgets channels and subscriptions. Wins over everything that is pending, which rejects with `LOGGED_OUT`. Never
   * rejects, and resolves after 5 s at the latest, when the network is gone.
   */
  async logout(): Promise<void> {
    const error = new SessionError('LOGGED_OUT', 'The session was logged out.');
    this.#turn.release();
    await this.#stop(error, { status: 'idle' }, (engine) => engine.stop(error));
  }

  /**
   * Joins a stream channel with an RTC token of its own and keeps both; one that is joined already is given again, and joined anew
   * where the options differ. Waits while the session is connecting or recovering, and while the token server fails for a reason that
   * may pass.
   *
   * Codes: `INVALID_ARGUMENT`, `NOT_LOGGED_IN`, `LOGGED_OUT`, `ABORTED` (by the signal, or by a later call that wants something else),
   * `CHANNEL_FAILED`, `TOKEN_REJECTED`, `TOKEN_DENIED` and the other token codes.
   *
   * @param options the SDK's join options but for the token, and a `signal` that ends the wait
   */
  async joinStreamChannel(channelName: string, options: KeptJoinOptions = {}): Promise<StreamChannelHandle> {
    checkChannelName(channelName);
    const [sdkOptions, signal] = withoutSignal(options);
    return this.#call((engine) => engine.join(channelName, sdkOptions, signal));
  }

  /**
   * Subscribes to a message channel and stays subscribed across recoveries. Waits while the session is connecting, reconnecting or
   * recovering.
   *
   * Codes: `INVALID_ARGUMENT`, `NOT_LOGGED_IN`, `LOGGED_OUT`, `ABORTED` (by the signal, or by a later call that wants something else),
   * `CHANNEL_FAILED`.
   *
   * @param options the SDK's options, and a `signal` that ends the wait
   */
  async subscribe(channelName: string, options: KeptSubscribeOptions = {}): Promise<void> {
    checkChannelName(channelName);
    const [sdkOptions, signal] = withoutSignal(options);
    return this.#call((engine) => engine.subscribe(channelName, sdkOptions, signal));
  }

  /**
   * Unsubscribes from a message channel; a `subscribe` that is pending rejects with `ABORTED`. Rejects with `INVALID_ARGUMENT` only:
   * what the SDK refuses is repeated in the background.
   */
  async unsubscribe(channelName: string): Promise<void> {
    checkChannelName(channelName);
    if (this.#engine) await this.#engine.unsubscribe(channelName);
    else if (this.#login) await this.#early.keep((engine) => engine.unsubscribe(channelName)).catch(() => {});
  }

  /**
   * Publishes to a message channel or a user, in the order of the calls for each, at 50 messages a second at most. While the session is
   * not connected it waits, or rejects at once with `whenDown: 'reject'`. A message is sent once: when its answer is lost, it rejects
   * with `UNCERTAIN` and is never sent again.
   *
   * Codes: `INVALID_ARGUMENT`, `NOT_LOGGED_IN`, `LOGGED_OUT`, `QUEUE_FULL` (100 messages or 256 KB wait already), `CALL_FAILED` (refused,
   * or not sent within `timeoutMs`), `UNCERTAIN`, `ABORTED`.
   */
  async publish(channelName: string, message: string | Uint8Array, options: KeptPublishOptions = {}): Promise<void> {
    checkChannelName(channelName);
    checkMessage(message);
    const [queue, sdkOptions] = splitQueueOptions(options);
    return this.#call((engine) => engine.publish(channelName, message, { options: sdkOptions, queue }));
  }

  /**
   * Renews the login's and every channel's token now, in one request. Resolves when the SDK has them, or while the link is down when
   * they are in hand; rejects with the first failure (`TOKEN_…`, `RENEWAL_FAILED`), which is being repeated in the background unless
   * it is a denial, with `NOT_LOGGED_IN` and with `LOGGED_OUT`. A channel that was denied before is asked for again.
   */
  async renewTokens(): Promise<void> {
    return this.#call(async (engine) => {
      // Before the engine is there, its login begins right after the calls that waited for it.
      await Promise.resolve();
      return engine.renewTokens();
    });
  }

  /** Calls the engine in this very turn; before it is loaded, in order as soon as it is. */
  #call<T>(call: (engine: SessionEngine<Client>) => Promise<T>): Promise<T> {
    this.#assertActive();
    return this.#engine ? call(this.#engine) : this.#early.keep(call);
  }

  #start(): void {
    const { client, loadSdk } = this.#options;
    // The SDK and the engine are fetched side by side; what became of the SDK is looked at when it is needed.
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    const sdk = client ? null : Promise.resolve().then(() => loadSdk(signal));
    sdk?.catch(() => {});
    const login = this.#loadEngine();
    this.#login = login;
    this.#setState({ status: 'connecting' });
    void this.#begin(login, sdk);
  }

  async #begin(login: Promise<SessionEngine<Client>>, sdk: Promise<SdkModule<Client>> | null): Promise<void> {
    try {
      const engine = await login;
      if (this.#login !== login) return;
      this.#early.handOver(engine);
      engine.start({ sdk, takeTurn: (signal) => this.#takeTurn(signal, engine) });
    } catch (error) {
      const message = 'A part of agora-session could not be loaded; was the app deployed since this page was opened?';
      if (this.#login === login) this.#ended(new SessionError('SDK_LOAD_FAILED', message, plainCause(error)));
    }
  }

  async #loadEngine(): Promise<SessionEngine<Client>> {
    if (this.#engine) return this.#engine;
    const { clock, random } = this.#options;
    const { SessionEngine } = await loadEngine({ clock, random, signal: this.#loading.signal });
    this.#engine ??= new SessionEngine({
      options: this.#options,
      report: (event) => this.#reported(event),
      onClient: (client) => {
        this.#client = client;
      },
      onForward: (name, event) => this.#announcer.forward(name, event),
    });
    return this.#engine;
  }

  /** The one place where everything that happens is said. */
  #reported(event: InspectionEvent): void {
    if (event.type === 'state') this.#setState(event.state);
    else if (event.type === 'end') this.#ended(event.error, event.keepsTurn);
    else {
      if (event.type === 'renewed') this.#callers.lastTokenError = null;
      if (event.type === 'tokenFailed') this.#callers.lastTokenError = tokenTrouble(event.error);
      this.#announcer.tellOf(event);
    }
  }

  async #takeTurn(signal: AbortSignal, engine: SessionEngine<Client>): Promise<void> {
    if (this.#options.tabs === 'takeover') return;
    await this.#turn.take(signal, {
      onWaiting: () => this.#setState({ status: 'waiting' }),
      onLost: () => engine.restart(),
      onUnavailable: (message) => this.#options.logger.warn(message),
    });
  }

  /**
   * @param error why, or null when the app logged the SDK's client out by itself
   * @param keepsTurn whether the next tab would only fight the other device, or be kicked as well
   */
  #ended(error: SessionError | null, keepsTurn = false): void {
    if (!error) {
      void this.logout();
      return;
    }
    if (!this.#login) return;
    if (keepsTurn) this.#turn.keep();
    else this.#turn.release();
    void this.#stop(error, { status: 'failed', error }, (engine) => engine.giveUp(error));
  }

  /** Nobody waits for the login any more. It is not a logout: what was wanted before is brought back by the next login. */
  #giveUp(error: SessionError): void {
    this.#turn.release();
    void this.#stop(error, { status: 'idle' }, (engine) => engine.giveUp(error));
  }

  /** All at once and told afterwards, since a listener may log in again: that is a login of its own, after this end. */
  #stop(
    error: SessionError,
    state: SessionState,
    end: (engine: SessionEngine<Client>) => Promise<void>,
  ): Promise<void> | undefined {
    this.#login = null;
    this.#loading.abort();
    return this.#announcer.together(() => {
      this.#early.end(error);
      const ended = this.#engine ? end(this.#engine) : undefined;
      this.#callers.rejectAll(error);
      this.#setState(state);
      return ended;
    });
  }

  #assertActive(): void {
    if (!this.#login) throw new SessionError('NOT_LOGGED_IN', 'The session is not logged in; call `login()` first.');
  }

  #setState(state: SessionState): void {
    const previous = this.#state;
    if (isSameState(state, previous)) return;
    this.#state = Object.freeze(state);
    this.#callers.timed = state.status !== 'waiting';
    if (state.status === 'connected') this.#callers.resolveAll();
    this.#announcer.tell('state', state, previous);
    this.#announcer.changed();
  }

  #takeSnapshot(): SessionSnapshot {
    const parts = this.#engine?.snapshot ?? NOTHING_YET;
    return { appId: this.appId, userId: this.userId, state: this.#state, ...parts };
  }
}

/** What a login's time-out says was the matter with the token. */
function tokenTrouble({ cause, code }: SessionError): PlainCause {
  return { ...cause, name: cause?.name ?? 'TokenError', code };
}

// biome-ignore lint/correctness/noUnusedVariables: a merged declaration needs the same parameters
export interface SessionManager<Client extends SignalingClient = RTMClient> extends AsyncDisposal {}

const NOTHING_YET: Pick<SessionSnapshot, 'tokens' | 'channels' | 'subscriptions'> = Object.freeze({
  tokens: Object.freeze([]),
  channels: Object.freeze([]),
  subscriptions: Object.freeze([]),
});

// Browsers without the symbol get a session without the method rather than one called "undefined".
if (Symbol.asyncDispose) {
  const value = SessionManager.prototype.logout;
  Object.defineProperty(SessionManager.prototype, Symbol.asyncDispose, { configurable: true, value });
}
