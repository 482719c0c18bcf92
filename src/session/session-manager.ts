import type { JoinOptions, RTMClient, SubscribeOptions } from 'agora-rtm-sdk';
import { EventEmitter } from 'eventemitter3';
import { platformLocks, TabTurn } from '../environment/tab-turn.js';
import { isSignalingName, SIGNALING_NAME_RULE } from '../token/identifiers.js';
import type { Failed } from '../token/token-applier.js';
import { DesiredState } from './desired-state.js';
import type { LiveConnection } from './live-connection.js';
import { LoginCallers, type LoginOptions } from './login-callers.js';
import { SessionError, tokenError } from './session-error.js';
import type { SessionEvents } from './session-events.js';
import { invalid, type ResolvedOptions, resolveOptions, type SessionManagerOptions } from './session-options.js';
import { SessionRun } from './session-run.js';
import { SnapshotKeeper } from './session-snapshot.js';
import { isSameState, type SessionSnapshot, type SessionState } from './session-state.js';
import type { SignalingClient } from './signaling-client.js';
import type { StreamChannelHandle } from './stream-channel.js';

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
 * Importing this module loads no SDK, so it may be imported during server rendering; the first `login()` loads it.
 */
export class SessionManager<Client extends SignalingClient = RTMClient> extends EventEmitter<SessionEvents> {
  readonly appId: string;
  readonly userId: string;
  /** Logs out; there where the platform knows `Symbol.asyncDispose`. */
  declare readonly [Symbol.asyncDispose]: () => Promise<void>;
  readonly #options: ResolvedOptions<Client>;
  readonly #desired: DesiredState;
  readonly #callers: LoginCallers;
  readonly #snapshots: SnapshotKeeper;
  readonly #turn: TabTurn;
  #state: SessionState = { status: 'idle' };
  #run: SessionRun<Client> | null = null;
  #client: Client | null = null;
  #loggedOut: Promise<void> = Promise.resolve();

  /** @throws SessionError INVALID_ARGUMENT that names the option and what was expected */
  constructor(options: SessionManagerOptions<Client>) {
    super();
    this.#options = resolveOptions(options);
    this.appId = this.#options.appId;
    this.userId = this.#options.userId;
    this.#callers = new LoginCallers(this.#options.clock, () => this.#deserted());
    this.#desired = new DesiredState({
      connection: () => this.#run?.connection ?? null,
      connected: () => this.#connected(),
      onChannel: ({ channelName, state }) => {
        this.#tell('channel', { channelName, state });
        this.#changed();
      },
      onChange: () => this.#changed(),
    });
    this.#turn = new TabTurn(`agora-session ${this.appId} ${this.userId}`, platformLocks());
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
    if (this.#state.status === 'connected') return;
    const waited = this.#callers.wait(options);
    if (!this.#run) this.#start();
    await waited;
  }

  /** Resolves when connected, at once if it is; rejects when the session fails or is logged out, and when nobody has called `login()`. */
  async ready(): Promise<void> {
    if (this.#state.status === 'failed') throw this.#state.error;
    await this.#connected();
  }

  /**
   * Logs out and forgets channels and subscriptions. Wins over everything that is pending, which rejects with `LOGGED_OUT`. Never
   * rejects, and resolves after 5 s at the latest, when the network is gone.
   */
  logout(): Promise<void> {
    const run = this.#run;
    this.#run = null;
    const error = new SessionError('LOGGED_OUT', 'The session was logged out.');
    this.#desired.clear(error);
    this.#turn.release();
    if (run) this.#loggedOut = run.stop(error);
    this.#callers.rejectAll(error);
    this.#setState({ status: 'idle' });
    return this.#loggedOut;
  }

  /**
   * Joins a stream channel with an RTC token of its own and keeps both. Waits while the session is connecting or recovering.
   *
   * Codes: `INVALID_ARGUMENT`, `NOT_LOGGED_IN`, `LOGGED_OUT`, `CHANNEL_FAILED`, `TOKEN_REJECTED`, `TOKEN_DENIED` and the other token codes.
   *
   * @param options the SDK's join options but for the token
   */
  async joinStreamChannel(channelName: string, options?: Omit<JoinOptions, 'token'>): Promise<StreamChannelHandle> {
    checkChannelName(channelName);
    this.#active();
    const channel = this.#desired.join(channelName, options);
    await channel.item.established;
    return channel;
  }

  /**
   * Subscribes to a message channel and stays subscribed across recoveries. Waits while the session is connecting or recovering.
   *
   * Codes: `INVALID_ARGUMENT`, `NOT_LOGGED_IN`, `LOGGED_OUT`, `CHANNEL_FAILED`.
   */
  async subscribe(channelName: string, options?: SubscribeOptions): Promise<void> {
    checkChannelName(channelName);
    this.#active();
    await this.#desired.subscribe(channelName, options).established;
  }

  /** Unsubscribes from a message channel. Never rejects because the link is down. */
  async unsubscribe(channelName: string): Promise<void> {
    checkChannelName(channelName);
    this.#desired.unsubscribe(
      channelName,
      new SessionError('ABORTED', `The channel "${channelName}" was unsubscribed.`),
    );
    const connection = this.#run?.connection;
    if (connection) await connection.call(() => connection.client.unsubscribe(channelName)).catch(() => {});
  }

  /**
   * Renews the login's and every channel's token now, in one request. Resolves when the SDK has them, or while the link is down when
   * they are in hand; rejects with the first failure, which is being repeated in the background unless it is a denial.
   */
  async renewTokens(): Promise<void> {
    await this.#active().renewTokens();
  }

  #start(): void {
    const run: SessionRun<Client> = new SessionRun(this.#options, this.#desired, {
      onState: (state) => this.#setState(state),
      onClient: (client) => {
        this.#client = client;
      },
      onForward: (name, event) => this.#tell(name, ...([event] as unknown as Parameters<SessionEvents[typeof name]>)),
      onRenewed: (event) => this.#tell('tokenRenewed', event),
      onTokenFailed: (event) => this.#tokenFailed(event),
      onRestored: (event) => this.#tell('restored', event),
      onChange: () => this.#changed(),
      onEnd: (error) => this.#ended(run, error),
    });
    this.#run = run;
    this.#setState({ status: 'connecting' });
    void run.start((signal) => this.#takeTurn(signal));
  }

  async #takeTurn(signal: AbortSignal): Promise<void> {
    if (this.#options.tabs === 'takeover') return;
    if (!platformLocks()) {
      this.#options.logger.warn(
        '`tabs: "wait"` needs the Web Locks API (a secure origin); the newest tab takes over instead.',
      );
      return;
    }
    await this.#turn.take(signal, () => this.#setState({ status: 'waiting' }));
  }

  #ended(run: SessionRun<Client>, error: SessionError | null): void {
    if (this.#run !== run) return;
    if (!error) {
      void this.logout();
      return;
    }
    this.#run = null;
    // A displaced tab keeps its turn, or the next tab would fight the other device for the user.
    if (error.code !== 'DISPLACED') this.#turn.release();
    this.#desired.abandonPending(error);
    this.#callers.rejectAll(error);
    this.#setState({ status: 'failed', error });
  }

  /** Nobody waits for the first login any more: it stops. One that had succeeded before goes on recovering. */
  #deserted(): void {
    if (this.#run && !this.#run.everConnected) void this.logout();
  }

  async #connected(): Promise<LiveConnection> {
    for (;;) {
      const { connection } = this.#active();
      if (connection) return connection;
      await this.#callers.connected();
    }
  }

  #active(): SessionRun<Client> {
    if (this.#run) return this.#run;
    throw new SessionError('NOT_LOGGED_IN', 'The session is not logged in; call `login()` first.');
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
    return {
      appId: this.appId,
      userId: this.userId,
      state: this.#state,
      tokens: this.#run?.tokens.snapshots ?? [],
      channels: this.#desired.channels.map(({ channelName, state }) => ({ channelName, state })),
      subscriptions: this.#desired.subscriptions,
    };
  }

  /** Tells the app. A listener that throws must not stop the session; its error surfaces as an uncaught one. */
  #tell<Name extends keyof SessionEvents>(name: Name, ...args: Parameters<SessionEvents[Name]>): void {
    try {
      this.emit(name, ...(args as never));
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

// Browsers without the symbol get a session without the method rather than one called "undefined".
if (Symbol.asyncDispose) {
  Object.defineProperty(SessionManager.prototype, Symbol.asyncDispose, {
    configurable: true,
    value(this: SessionManager): Promise<void> {
      return this.logout();
    },
  });
}

function checkChannelName(channelName: unknown): void {
  if (!isSignalingName(channelName)) throw invalid('channelName', SIGNALING_NAME_RULE);
}
