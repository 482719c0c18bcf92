import type { RTMClient } from 'agora-rtm-sdk';
import { EventEmitter } from 'eventemitter3';
import {
  type KeptJoinOptions,
  type KeptPublishOptions,
  type KeptSubscribeOptions,
  withoutSignal,
} from './call-options.js';
import { LoginCallers, type LoginOptions } from './login-callers.js';
import type { SignalingClient } from './sdk/signaling-client.js';
import type { SessionEvents } from './session-events.js';
import { SessionLifecycle } from './session-lifecycle.js';
import { checkChannelName, resolveOptions, type SessionManagerOptions } from './session-options.js';
import type { SessionDiagnostics } from './state/session-diagnostics.js';
import { SessionError } from './state/session-error.js';
import type { SessionSnapshot, SessionState } from './state/session-state.js';
import { messageOf, splitQueueOptions } from './wanted/queue-options.js';
import type { StreamChannelHandle } from './wanted/stream-channel.js';
import { type WhenStateOptions, whenState } from './when-state.js';

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
  readonly #lifecycle: SessionLifecycle<Client>;

  /** @throws SessionError INVALID_ARGUMENT that names the option and what was expected */
  constructor(options: SessionManagerOptions<Client>) {
    super();
    const resolved = resolveOptions(options);
    this.appId = resolved.appId;
    this.userId = resolved.userId;
    this.#lifecycle = new SessionLifecycle(resolved, this);
  }

  /** Not a plain object: Vue's `reactive()` and the like leave it alone, since a proxy would not reach its private fields. */
  get [Symbol.toStringTag](): string {
    return 'SessionManager';
  }

  /** Where the session stands; changes are told by the event `state`. */
  get state(): SessionState {
    return this.#lifecycle.state;
  }

  /** Everything worth showing, frozen; the same object until something changes, which the event `snapshot` tells. */
  get snapshot(): SessionSnapshot {
    return this.#lifecycle.snapshot;
  }

  /**
   * What a bug report should have: the latest 100 events with every decision and why, what waits, what was counted, the versions.
   * Frozen, plain JSON, and without any token. The option `inspect` tells the same events as they happen.
   */
  diagnostics(): SessionDiagnostics {
    return this.#lifecycle.diagnostics;
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
    const { client } = this.#lifecycle;
    if (!client) throw new SessionError('NOT_LOGGED_IN', 'There is no client before the first login; await `login()`.');
    return client;
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
    await this.#lifecycle.login(options);
  }

  /**
   * Resolves when connected, at once if it is; rejects when the session fails or is logged out, and with `NOT_LOGGED_IN` when nobody
   * has called `login()`. Waiting here does not keep a login going.
   */
  async ready(): Promise<void> {
    await this.#lifecycle.ready();
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
    return whenState(this.#lifecycle, status, options);
  }

  /**
   * Logs out and forgets channels and subscriptions. Wins over everything that is pending, which rejects with `LOGGED_OUT`. Never
   * rejects, and resolves after 5 s at the latest, when the network is gone.
   */
  async logout(): Promise<void> {
    await this.#lifecycle.logout();
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
    return this.#lifecycle.call((engine) => engine.wanted.join(channelName, sdkOptions, signal));
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
    return this.#lifecycle.call((engine) => engine.wanted.subscribe(channelName, sdkOptions, signal));
  }

  /**
   * Unsubscribes from a message channel; a `subscribe` that is pending rejects with `ABORTED`. Rejects with `INVALID_ARGUMENT` only:
   * what the SDK refuses is repeated in the background.
   */
  async unsubscribe(channelName: string): Promise<void> {
    checkChannelName(channelName);
    await this.#lifecycle.undo((engine) => engine.wanted.unsubscribe(channelName));
  }

  /**
   * Publishes to a message channel or a user, in the order of the calls for each, at 50 messages a second at most. While the session is
   * not connected it waits, or rejects at once with `whenDown: 'reject'`. A message is sent once: when its answer is lost, it rejects
   * with `UNCERTAIN` and is never sent again. Only one that Signaling refuses for its pace, as when other pages of the user publish too,
   * is sent again a second later, and so after those that were on their way.
   *
   * Codes: `INVALID_ARGUMENT`, `NOT_LOGGED_IN`, `LOGGED_OUT`, `QUEUE_FULL` (100 messages or 256 KB wait already), `CALL_FAILED` (refused,
   * or not sent within `timeoutMs`), `UNCERTAIN`, `ABORTED`.
   */
  async publish(channelName: string, message: string | Uint8Array, options: KeptPublishOptions = {}): Promise<void> {
    checkChannelName(channelName);
    const said = messageOf(message);
    const [queue, sdkOptions] = splitQueueOptions(options);
    await this.#lifecycle.call((engine) => engine.wanted.messages.publish({ channelName, said, sdkOptions, queue }));
  }

  /**
   * Renews the login's and every channel's token now, in one request. Resolves when the SDK has them, or while the link is down when
   * they are in hand; rejects with the first failure (`TOKEN_…`, `RENEWAL_FAILED`), which is being repeated in the background unless
   * it is a denial, with `NOT_LOGGED_IN`, with `LOGGED_OUT`, and with `ABORTED` when another tab takes the login over. A channel that was
   * denied before is asked for again.
   */
  async renewTokens(): Promise<void> {
    return this.#lifecycle.call(async (engine) => {
      // Before the engine is there, its login begins right after the calls that waited for it.
      await Promise.resolve();
      return engine.renewTokens();
    });
  }
}

// biome-ignore lint/correctness/noUnusedVariables: a merged declaration needs the same parameters
export interface SessionManager<Client extends SignalingClient = RTMClient> extends AsyncDisposal {}

// Browsers without the symbol get a session without the method rather than one called "undefined".
if (Symbol.asyncDispose) {
  const value = SessionManager.prototype.logout;
  Object.defineProperty(SessionManager.prototype, Symbol.asyncDispose, { configurable: true, value });
}
