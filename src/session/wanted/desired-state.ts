import type { JoinOptions, SubscribeOptions } from 'agora-rtm-sdk';
import type { TokenTarget } from '../../token/token-source.js';
import type { LiveConnection } from '../sdk/live-connection.js';
import type { LinkStateEvent } from '../sdk/signaling-client.js';
import { SessionError } from '../state/session-error.js';
import type { RestoreResult } from '../state/session-state.js';
import type { KeptItem } from './kept-item.js';
import { Leftovers, type Undo } from './leftovers.js';
import { StreamChannel } from './stream-channel.js';
import { Subscriptions } from './subscriptions.js';

interface DesiredStateOptions {
  connection(): LiveConnection | null;
  connected(): Promise<LiveConnection>;
  onChannel(channel: StreamChannel): void;
  onChange(): void;
}

/** What the app wants to be subscribed to and joined in. It outlives connections and failed logins, and ends with a logout. */
export class DesiredState {
  readonly #options: DesiredStateOptions;
  readonly #subscriptions: Subscriptions;
  readonly #channels = new Map<string, StreamChannel>();
  readonly #leftovers: Leftovers = new Leftovers();

  constructor(options: DesiredStateOptions) {
    this.#options = options;
    this.#subscriptions = new Subscriptions(() => options.onChange());
  }

  get subscriptions(): readonly string[] {
    return this.#subscriptions.names;
  }

  get channels(): readonly StreamChannel[] {
    return [...this.#channels.values()];
  }

  /** The targets for which the wanted channels need tokens. */
  get targets(): TokenTarget[] {
    return [...this.#channels.keys()].map((channelName) => ({ kind: 'stream', channelName }));
  }

  subscribe(channelName: string, options: SubscribeOptions | undefined): KeptItem {
    this.#leftovers.forget(`message ${channelName}`);
    const item = this.#subscriptions.want(channelName, options);
    const connection = this.#options.connection();
    if (connection) void item.restore(connection);
    return item;
  }

  /** No longer wants a message channel; resolves when the SDK is unsubscribed, or cannot be reached. */
  unsubscribe(channelName: string, error: SessionError): Promise<void> {
    this.#subscriptions.unwant(channelName, error);
    const undo: Undo = (client) => client.unsubscribe(channelName);
    return this.#leftovers.undo(`message ${channelName}`, undo, this.#options.connection());
  }

  /** Wants a stream channel. One that is known already is given again; one that was given up is tried anew. */
  join(channelName: string, joinOptions: Omit<JoinOptions, 'token'> | undefined): StreamChannel {
    const known = this.#channels.get(channelName);
    this.#leftovers.forget(`stream ${channelName}`);
    const failed = known?.state.status === 'failed';
    if (known && failed)
      this.#drop(known, new SessionError('CHANNEL_FAILED', `The stream channel "${channelName}" was joined anew.`));
    const channel = known && !failed ? known : this.#add(channelName, joinOptions);
    const connection = this.#options.connection();
    if (connection) void channel.item.restore(connection);
    return channel;
  }

  /** Tries the channels again that were given up. */
  retryFailed(): void {
    const connection = this.#options.connection();
    for (const channel of this.channels) {
      if (!connection || channel.state.status !== 'failed') continue;
      connection.tokens.release({ kind: 'stream', channelName: channel.channelName });
      channel.lost();
      void channel.item.restore(connection);
    }
  }

  isJoined(channelName: string): boolean {
    return this.#channels.get(channelName)?.item.active ?? false;
  }

  /** Nothing of it is so any more; all has to be made so again. */
  lost(how: { loggedOut: boolean }): void {
    if (how.loggedOut) this.#leftovers.clear();
    this.#subscriptions.lost();
    for (const channel of this.#channels.values()) channel.lost(how);
  }

  async restore(connection: LiveConnection): Promise<RestoreResult[]> {
    this.#leftovers.restore(connection);
    const subscriptions = this.#subscriptions.restore(connection);
    const channels = this.channels.map((channel) => channel.restore(connection));
    const results = await Promise.all([...subscriptions, ...channels]);
    return results.flat();
  }

  /** The SDK reported a stream channel's state; where it does not say whose, it may be anybody's. */
  onStreamLink(event: LinkStateEvent): void {
    const names = event.affectedChannels.length > 0 ? event.affectedChannels : [...this.#channels.keys()];
    for (const name of names) this.#channels.get(name)?.onLink(event);
  }

  /** Somebody joined or left a topic. */
  onTopic(channelName: string): void {
    this.#channels.get(channelName)?.onTopic();
  }

  /** The session failed: what never worked is dropped, as its caller is told; the rest waits for the next login. */
  abandonPending(error: SessionError): void {
    this.#subscriptions.abandonPending(error);
    for (const channel of this.channels) {
      if (!channel.item.everActive) this.#drop(channel, error);
    }
  }

  /** The user logged out: nothing is wanted any more. */
  clear(error: SessionError): void {
    for (const name of this.#subscriptions.names) this.#subscriptions.unwant(name, error);
    for (const channel of this.channels) this.#drop(channel, error);
  }

  #add(channelName: string, joinOptions: Omit<JoinOptions, 'token'> | undefined): StreamChannel {
    const channel = new StreamChannel({
      channelName,
      joinOptions,
      connection: () => this.#options.connection(),
      connected: () => this.#options.connected(),
      onState: (changed) => this.#options.onChannel(changed),
      onDropped: (dropped) => {
        this.#forget(dropped);
        const undo: Undo = (client) => client.createStreamChannel(channelName).leave();
        return this.#leftovers.undo(`stream ${channelName}`, undo, this.#options.connection());
      },
    });
    this.#channels.set(channelName, channel);
    this.#options.onChannel(channel);
    return channel;
  }

  #drop(channel: StreamChannel, error: SessionError): void {
    channel.left(error);
    this.#forget(channel);
  }

  #forget(channel: StreamChannel): void {
    if (this.#channels.get(channel.channelName) === channel) this.#channels.delete(channel.channelName);
    this.#options.onChange();
  }
}
