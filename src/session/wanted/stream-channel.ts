import type {
  JoinOptions,
  JoinTopicResponse,
  joinTopicOptions,
  LeaveTopicResponse,
  PublishTopicMessageOptions,
  PublishTopicMessageResponse,
  SubscribeTopicOptions,
  SubscribeTopicResponse,
  UnsubscribeTopicOptions,
  UnsubscribeTopicResponse,
} from 'agora-rtm-sdk';
import type { TokenTarget } from '../../token/token-source.js';
import { DUPLICATE_OPERATION, decide, errorClass, type ReasonClass, reasonClass } from '../sdk/link-policy.js';
import type { JoinToken, LiveConnection } from '../sdk/live-connection.js';
import type { LinkState, LinkStateEvent, RTMStreamChannel } from '../sdk/signaling-client.js';
import { plainCause, SessionError, sdkErrorCode } from '../state/session-error.js';
import type { ChannelState, RestoreResult } from '../state/session-state.js';
import { type ChannelCall, ChannelTopics } from './channel-topics.js';
import { AttemptFailure, KeptItem } from './kept-item.js';

/**
 * A joined stream channel. It stays valid across recoveries: the channel is joined again with a fresh token, and its topics come
 * back. While the session is reconnecting or recovering, calls wait. They reject with a SessionError: `NOT_LOGGED_IN` after the channel was left, `CHANNEL_FAILED` with the SDK's error code in
 * `cause` when the SDK refuses.
 */
export interface StreamChannelHandle {
  readonly channelName: string;
  /** Where the channel stands; the session's event `channel` tells every change. */
  readonly state: ChannelState;
  /** The SDK's current object; another one after the session got another client. */
  readonly channel: RTMStreamChannel;
  /** Joins a topic, to publish in it; remembered until {@link leaveTopic}. */
  joinTopic(topic: string, options?: joinTopicOptions): Promise<JoinTopicResponse>;
  /** Leaves a topic; it is no longer restored. */
  leaveTopic(topic: string): Promise<LeaveTopicResponse>;
  /** Subscribes to users of a topic, without `users` to those whom the SDK chooses; remembered until {@link unsubscribeTopic}. */
  subscribeTopic(topic: string, options?: SubscribeTopicOptions): Promise<SubscribeTopicResponse>;
  /** Unsubscribes from users of a topic, without `users` from the topic; they are no longer restored. */
  unsubscribeTopic(topic: string, options?: UnsubscribeTopicOptions): Promise<UnsubscribeTopicResponse>;
  /** Publishes a message of at most 1 KB in a joined topic. */
  publishTopicMessage(
    topic: string,
    message: string | Uint8Array,
    options?: PublishTopicMessageOptions,
  ): Promise<PublishTopicMessageResponse>;
  /** Leaves the channel for good. Never rejects because the link is down. */
  leave(): Promise<void>;
}

/** The SDK gives a join up after 15 s; a little later so do we. */
const JOIN_TIMEOUT_MS = 20_000;
/** An app is told after this long what of its channels is back; a join that needs longer goes on. */
const RESTORE_TIMEOUT_MS = 30_000;
/** A fresh token refused so often in a row is not going to be accepted. */
const MAX_REFUSALS = 2;

interface StreamChannelOptions {
  readonly channelName: string;
  readonly joinOptions: Omit<JoinOptions, 'token'> | undefined;
  /** The connection of the moment, or null. */
  connection(): LiveConnection | null;
  /** The connection as soon as there is one; rejects with a SessionError when there will be none. */
  connected(): Promise<LiveConnection>;
  onState(channel: StreamChannel): void;
  /** It is no longer wanted, since it was left or never worked; resolves when the SDK has left it. */
  onDropped(channel: StreamChannel): Promise<void>;
}

/** A stream channel that the app wants to be joined to. */
export class StreamChannel implements StreamChannelHandle {
  readonly channelName: string;
  readonly item: KeptItem;
  readonly #target: TokenTarget;
  readonly #options: StreamChannelOptions;
  readonly #topics: ChannelTopics;
  #state: ChannelState = { status: 'joining' };
  #channel: RTMStreamChannel | null = null;
  #link: LinkState = 'IDLE';
  #refusals = 0;
  /** What the SDK said of the join under way; the rejection itself often only says that it failed. */
  #reported: ReasonClass | null = null;
  #topicResults: RestoreResult[] = [];

  constructor(options: StreamChannelOptions) {
    this.channelName = options.channelName;
    this.#options = options;
    this.#target = { kind: 'stream', channelName: options.channelName };
    this.#topics = new ChannelTopics(options.channelName, () => this.channel);
    this.item = new KeptItem({
      attempt: (connection) => this.#join(connection),
      onGivenUp: (error, dropped) => {
        const connection = options.connection();
        // A denial is remembered with the lease, so that nobody asks again by itself; nothing else is worth keeping.
        if (dropped || error.code !== 'TOKEN_DENIED') connection?.tokens.release(this.#target);
        this.#setState({ status: 'failed', error });
        if (!dropped) return;
        // A join that timed out here may have arrived there.
        void options.onDropped(this);
      },
    });
  }

  get state(): ChannelState {
    return this.#state;
  }

  get channel(): RTMStreamChannel {
    if (!this.#channel)
      throw new SessionError('NOT_LOGGED_IN', `The stream channel "${this.channelName}" is not joined yet.`);
    return this.#channel;
  }

  joinTopic(topic: string, options?: joinTopicOptions): Promise<JoinTopicResponse> {
    return this.#topics.join(this.#call, topic, options);
  }

  leaveTopic(topic: string): Promise<LeaveTopicResponse> {
    return this.#topics.leave(this.#call, topic);
  }

  subscribeTopic(topic: string, options?: SubscribeTopicOptions): Promise<SubscribeTopicResponse> {
    return this.#topics.subscribe(this.#call, topic, options);
  }

  unsubscribeTopic(topic: string, options?: UnsubscribeTopicOptions): Promise<UnsubscribeTopicResponse> {
    return this.#topics.unsubscribe(this.#call, topic, options);
  }

  publishTopicMessage(
    topic: string,
    message: string | Uint8Array,
    options?: PublishTopicMessageOptions,
  ): Promise<PublishTopicMessageResponse> {
    return this.#call(`publish in the topic "${topic}"`, (channel) =>
      channel.publishTopicMessage(topic, message, options),
    );
  }

  async leave(): Promise<void> {
    if (this.#state.status === 'left') return;
    this.left(new SessionError('CHANNEL_FAILED', `The stream channel "${this.channelName}" was left.`));
    this.#options.connection()?.tokens.release(this.#target);
    await this.#options.onDropped(this);
  }

  /** It is over: the channel was left or the user logged out. */
  left(error: SessionError): void {
    // The SDK is still at a join after a logout, and the next login would find the channel joined; leaving cancels it.
    if (!this.item.active) this.#channel?.leave().catch(() => {});
    this.item.abandon(error);
    this.#setState({ status: 'left' });
  }

  /** The SDK no longer has the channel, as far as anybody knows; after a logout for certain. */
  lost(how: { loggedOut: boolean } = { loggedOut: false }): void {
    if (how.loggedOut) this.#link = 'IDLE';
    this.#topics.lost();
    if (!this.item.everActive || this.#state.status === 'left') return;
    this.item.lost();
    this.#setState({ status: 'rejoining' });
  }

  /** Joins on this connection; resolves after the first attempt with what became of the channel and its topics. */
  async restore(connection: LiveConnection): Promise<RestoreResult[]> {
    const error = await connection
      .bound(this.item.restore(connection), RESTORE_TIMEOUT_MS)
      .catch(
        () => new SessionError('CHANNEL_FAILED', `The stream channel "${this.channelName}" is still being joined.`),
      );
    const result = { kind: 'channel', channelName: this.channelName, ok: error === null } as const;
    return error ? [{ ...result, error }] : [result, ...this.#topicResults];
  }

  /** The SDK reported a state of this channel. While the login itself is not connected, the channel's trouble is part of the login's. */
  onLink(event: LinkStateEvent): void {
    this.#link = event.currentState;
    if (!this.#options.connection()) return;
    const reason = reasonClass(event);
    const verdict = decide(reason, 'STREAM', event.currentState);
    if (verdict === 'ignore') return;
    // While a join is under way its rejection follows, and decides with what was said here.
    if (!this.item.active) {
      this.#reported = reason;
      return;
    }
    const connection = this.#options.connection();
    if (verdict === 'stop') {
      const message = `Signaling closed the stream channel "${this.channelName}".`;
      this.item.lost();
      this.#topics.lost();
      connection?.tokens.release(this.#target);
      this.#setState({
        status: 'failed',
        error: new SessionError('CHANNEL_FAILED', message, { name: 'LinkState', code: event.reasonCode }),
      });
      return;
    }
    if (reason === 'token') connection?.tokens.spend(this.#target);
    this.lost();
    if (connection) void this.item.restore(connection);
  }

  /** Somebody joined or left a topic of this channel. */
  onTopic(): void {
    const connection = this.#options.connection();
    if (connection && this.item.active) this.#topics.retry(connection);
  }

  async #join(connection: LiveConnection): Promise<void> {
    const token = await this.#token(connection);
    this.#reported = null;
    // Those of an attempt that failed after its topics were back are not.
    this.#topics.lost();
    try {
      const channel = connection.client.createStreamChannel(this.channelName);
      this.#channel = channel;
      await connection.call(() => channel.join({ ...this.#options.joinOptions, ...token }), JOIN_TIMEOUT_MS);
    } catch (error) {
      // A join from before the link was lost may have come through, or the SDK may have joined again by itself.
      const duplicate = sdkErrorCode(error) === DUPLICATE_OPERATION;
      if (!duplicate || this.#link !== 'CONNECTED') throw this.#joinFailure(connection, token, error);
    }
    if (this.item.abandoned) throw this.item.abandoned;
    connection.tokens.confirm(this.#target, token);
    this.#topicResults = await this.#topics.restore(connection);
    // The channel may have failed again while its topics were restored.
    if (this.#reported) throw this.#joinFailure(connection, token, new Error('The channel failed.'));
    if (this.item.abandoned) throw this.item.abandoned;
    this.#refusals = 0;
    this.#setState({ status: 'joined' });
  }

  async #token(connection: LiveConnection): Promise<JoinToken> {
    try {
      const cause = this.item.everActive ? 'expired' : 'join';
      return await connection.bound(connection.tokens.obtain(this.#target, cause));
    } catch (error) {
      if (error instanceof SessionError) throw new AttemptFailure(error, 'final');
      throw error;
    }
  }

  #joinFailure(connection: LiveConnection, token: JoinToken, error: unknown): unknown {
    if (connection.signal.aborted) return error;
    const byCode = errorClass(sdkErrorCode(error));
    const reason = byCode === 'token' || this.#reported === null ? byCode : this.#reported;
    const name = this.channelName;
    if (reason === 'token') {
      connection.tokens.spend(this.#target, token);
      this.#refusals += 1;
      const message = `Signaling refused the token for the stream channel "${name}"; is the app certificate the project's, and is it an RTC token for this user and channel?`;
      return new AttemptFailure(
        new SessionError('TOKEN_REJECTED', message, plainCause(error)),
        this.#refusals >= MAX_REFUSALS ? 'final' : 'passing',
      );
    }
    const message = `Signaling did not let this user join the stream channel "${name}".`;
    const duplicate = sdkErrorCode(error) === DUPLICATE_OPERATION;
    const kind = duplicate ? 'busy' : decide(reason, 'STREAM', 'FAILED') === 'stop' ? 'final' : 'passing';
    return new AttemptFailure(new SessionError('CHANNEL_FAILED', message, plainCause(error)), kind);
  }

  /** Calls the SDK's channel when it is joined; while it is being joined again, waits for the next attempt. */
  readonly #call: ChannelCall = async (what, run) => {
    if (this.#state.status === 'left') {
      throw new SessionError('NOT_LOGGED_IN', `The stream channel "${this.channelName}" was left.`);
    }
    if (this.#state.status === 'failed') throw this.#state.error;
    const connection = await this.#options.connected();
    await this.item.restore(connection);
    if (this.item.abandoned) throw this.item.abandoned;
    try {
      const { channel } = this;
      return await connection.call(() => run(channel));
    } catch (error) {
      if (error instanceof SessionError) throw error;
      const message = `Could not ${what} of the stream channel "${this.channelName}".`;
      throw new SessionError('CHANNEL_FAILED', message, plainCause(error));
    }
  };

  #setState(state: ChannelState): void {
    if (state.status === this.#state.status && state.status !== 'failed') return;
    this.#state = Object.freeze(state);
    this.#options.onState(this);
  }
}
