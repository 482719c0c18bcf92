import type { JoinOptions, SubscribeOptions } from 'agora-rtm-sdk';
import { type Deferred, deferred } from '../../environment/waiting.js';
import type { LiveConnection } from '../sdk/live-connection.js';
import type { SignalingClient } from '../sdk/signaling-client.js';
import { SessionError } from '../state/session-error.js';
import type { ChannelState, SessionSnapshot } from '../state/session-state.js';
import { DesiredState } from '../wanted/desired-state.js';
import type { StreamChannelHandle } from '../wanted/stream-channel.js';
import type { ResolvedOptions } from './resolved-options.js';
import { type RunListener, SessionRun, type StartOptions } from './session-run.js';

/** What an engine tells the session that it drives. */
export interface EngineListener<Client> extends Omit<RunListener<Client>, 'onConnected'> {
  onChannel(event: { channelName: string; state: ChannelState }): void;
}

/**
 * Everything that a session does between `login()` and `logout()`. It is loaded with the first login, beside the SDK, so that a page
 * which only might log in does not pay for it. It outlives logins that fail, and with it what the app wants to be joined in.
 */
export class SessionEngine<Client extends SignalingClient> {
  readonly #options: ResolvedOptions<Client>;
  readonly #listener: EngineListener<Client>;
  readonly #desired: DesiredState;
  #run: SessionRun<Client> | null = null;
  #started: StartOptions<Client> | null = null;
  #everConnected = false;
  /** When the login was lost that the next one brings back. */
  #lostAt: number | null = null;
  #connected: Deferred<LiveConnection> | null = null;
  #loggedOut: Promise<void> = Promise.resolve();

  constructor(options: ResolvedOptions<Client>, listener: EngineListener<Client>) {
    this.#options = options;
    this.#listener = listener;
    this.#desired = new DesiredState({
      connection: () => this.#connection,
      connected: () => this.#whenConnected(),
      onChannel: ({ channelName, state }) => listener.onChannel({ channelName, state }),
      onChange: () => listener.onChange(),
    });
  }

  /** Whether there has been a connection since `login()`. */
  get everConnected(): boolean {
    return this.#everConnected;
  }

  get snapshot(): Pick<SessionSnapshot, 'tokens' | 'channels' | 'subscriptions'> {
    return {
      tokens: this.#run?.tokens.snapshots ?? [],
      channels: this.#desired.channels.map(({ channelName, state }) => ({ channelName, state })),
      subscriptions: this.#desired.subscriptions,
    };
  }

  /** Logs in and stays logged in. */
  start(start: StartOptions<Client>): void {
    this.#begin({ ...start, lostAt: this.#lostAt });
  }

  /** Logs out and begins again, with everything that is wanted: when it was this tab's turn no longer. */
  restart(): void {
    const run = this.#run;
    const start = this.#started;
    if (!run || !start) return;
    this.#retire(run, new SessionError('ABORTED', 'The login was given to another tab.'));
    // A listener that was told of it may have logged out.
    if (this.#run === run) this.#begin({ ...start, lostAt: this.#lostAt });
  }

  /** Logs out and forgets what was wanted; resolves when the SDK has, after 5 s at most. */
  stop(error: SessionError): Promise<void> {
    const run = this.#run;
    this.#run = null;
    this.#everConnected = false;
    this.#lostAt = null;
    // First what is pending: leaving cancels joins that the SDK would finish after the logout.
    this.#desired.clear(error);
    this.#disconnected(error);
    if (run) this.#loggedOut = run.stop(error);
    return this.#loggedOut;
  }

  async subscribe(channelName: string, options: SubscribeOptions | undefined): Promise<void> {
    await this.#desired.subscribe(channelName, options).established;
  }

  async unsubscribe(channelName: string): Promise<void> {
    const error = new SessionError('ABORTED', `The channel "${channelName}" was unsubscribed.`);
    await this.#desired.unsubscribe(channelName, error);
  }

  async join(channelName: string, options: Omit<JoinOptions, 'token'> | undefined): Promise<StreamChannelHandle> {
    const channel = this.#desired.join(channelName, options);
    await channel.item.established;
    return channel;
  }

  async renewTokens(): Promise<void> {
    this.#desired.retryFailed();
    await this.#run?.renewTokens();
  }

  #begin(start: StartOptions<Client>): void {
    const run: SessionRun<Client> = new SessionRun(
      this.#options,
      this.#desired,
      this.#listenerFor(
        () => this.#run === run,
        (error) => this.#ended(run, error),
      ),
    );
    this.#run = run;
    this.#started = start;
    void run.start(start);
  }

  /** A run that was stopped has nothing more to say. */
  #listenerFor(current: () => boolean, onEnd: (error: SessionError | null) => void): RunListener<Client> {
    const listener = this.#listener;
    const guarded =
      <Event>(tell: (event: Event) => void) =>
      (event: Event): void => {
        if (current()) tell(event);
      };
    return {
      onState: guarded((state) => listener.onState(state)),
      onClient: guarded((client) => listener.onClient(client)),
      onRenewed: guarded((event) => listener.onRenewed(event)),
      onTokenFailed: guarded((event) => listener.onTokenFailed(event)),
      onRestored: guarded((event) => listener.onRestored(event)),
      onConnected: guarded((connection) => this.#isConnected(connection)),
      onEnd: guarded(onEnd),
      onForward: (name, event) => {
        if (current()) listener.onForward(name, event);
      },
      onChange: () => {
        if (current()) listener.onChange();
      },
    };
  }

  #isConnected(connection: LiveConnection): void {
    this.#everConnected = true;
    this.#lostAt = null;
    this.#connected?.resolve(connection);
    this.#connected = null;
  }

  #ended(run: SessionRun<Client>, error: SessionError | null): void {
    if (error) {
      this.#retire(run, error);
      this.#run = null;
      this.#everConnected = false;
      this.#desired.abandonPending(error);
      this.#disconnected(error);
    }
    this.#listener.onEnd(error);
  }

  /** The login is over, and what is wanted waits for the next. */
  #retire(run: SessionRun<Client>, error: SessionError): void {
    this.#loggedOut = run.stop(error);
    this.#lostAt = run.lostAt;
    this.#desired.lost({ loggedOut: true });
  }

  get #connection(): LiveConnection | null {
    return this.#run?.connection ?? null;
  }

  #whenConnected(): Promise<LiveConnection> {
    const connection = this.#connection;
    if (connection) return Promise.resolve(connection);
    if (!this.#run) return Promise.reject(new SessionError('NOT_LOGGED_IN', 'The session is not logged in.'));
    this.#connected ??= deferred();
    return this.#connected.promise;
  }

  #disconnected(error: SessionError): void {
    this.#connected?.reject(error);
    this.#connected = null;
  }
}
