import type { JoinOptions, SubscribeOptions } from 'agora-rtm-sdk';
import { type Deferred, deferred } from '../environment/waiting.js';
import { DesiredState } from './desired-state.js';
import type { LiveConnection } from './live-connection.js';
import { SessionError } from './session-error.js';
import type { ResolvedOptions } from './session-options.js';
import { type RunListener, SessionRun, type StartOptions } from './session-run.js';
import type { ChannelState, SessionSnapshot } from './session-state.js';
import type { SignalingClient } from './signaling-client.js';
import type { StreamChannelHandle } from './stream-channel.js';

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
  #connected: Deferred<LiveConnection> | null = null;

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
    this.#everConnected = false;
    this.#begin(start);
  }

  /** Logs out and begins again, with everything that is wanted: when it was this tab's turn no longer. */
  restart(): void {
    const run = this.#run;
    const start = this.#started;
    if (!run || !start) return;
    this.#run = null;
    this.#desired.lost({ loggedOut: true });
    void run.stop(new SessionError('ABORTED', 'The login was given to another tab.'));
    this.#begin({ ...start, lostAt: this.#options.clock.now() });
  }

  /** Logs out and forgets what was wanted; resolves when the SDK has, after 5 s at most. */
  stop(error: SessionError): Promise<void> {
    const run = this.#run;
    this.#run = null;
    this.#desired.clear(error);
    this.#disconnected(error);
    return run?.stop(error) ?? Promise.resolve();
  }

  #begin(start: StartOptions<Client>): void {
    const run: SessionRun<Client> = new SessionRun(this.#options, this.#desired, {
      ...this.#listener,
      onConnected: (connection) => {
        this.#everConnected = true;
        this.#connected?.resolve(connection);
        this.#connected = null;
      },
      onEnd: (error) => {
        if (this.#run !== run) return;
        if (error) this.#fail(error);
        this.#listener.onEnd(error);
      },
    });
    this.#run = run;
    this.#started = start;
    void run.start(start);
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
    await this.#run?.renewTokens();
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

  #fail(error: SessionError): void {
    this.#run = null;
    this.#desired.abandonPending(error);
    this.#disconnected(error);
  }

  #disconnected(error: SessionError): void {
    this.#connected?.reject(error);
    this.#connected = null;
  }
}
