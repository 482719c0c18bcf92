import type {
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
import type { RTMStreamChannel } from '../sdk/signaling-client.js';
import { checkTopic, checkUsers } from '../state/check-arguments.js';
import { SessionError } from '../state/session-error.js';
import type { ChannelState } from '../state/session-state.js';
import type { QueueOptions } from './queue-options.js';

/** How a topic message is published: the SDK's options, and how it waits. `whenDown` is `reject` by default. */
export type TopicMessageOptions = PublishTopicMessageOptions & QueueOptions;

/**
 * A joined stream channel. It stays valid across recoveries: the channel is joined again with a fresh token, and its topics come
 * back. While the session is reconnecting or recovering, calls wait. They reject with a SessionError: `NOT_LOGGED_IN` after the channel
 * was left or the session ended, `ABORTED` when a later call wants something else, `CHANNEL_FAILED` with the SDK's error code in
 * `cause` when the SDK refuses.
 */
export interface StreamChannelHandle {
  readonly channelName: string;
  /** Where the channel stands; the session's event `channel` tells every change. */
  readonly state: ChannelState;
  /** The SDK's current object; another one after the session got another client. */
  readonly channel: RTMStreamChannel;
  /** Joins a topic, to publish in it; remembered until {@link leaveTopic}. With other options than before, anew. */
  joinTopic(topic: string, options?: joinTopicOptions): Promise<JoinTopicResponse>;
  /** Leaves a topic; it is no longer restored. Never rejects while the channel is wanted: what the SDK refuses is repeated. */
  leaveTopic(topic: string): Promise<LeaveTopicResponse>;
  /**
   * Subscribes to users of a topic, without `users` to those whom the SDK chooses; remembered until {@link unsubscribeTopic}. Users who
   * cannot be heard yet are in `failedUsers`, and are heard as soon as they come.
   */
  subscribeTopic(topic: string, options?: SubscribeTopicOptions): Promise<SubscribeTopicResponse>;
  /** Unsubscribes from users of a topic, without `users` from the topic; they are no longer restored. Rejects no more than {@link leaveTopic}. */
  unsubscribeTopic(topic: string, options?: UnsubscribeTopicOptions): Promise<UnsubscribeTopicResponse>;
  /**
   * Publishes a message of at most 1 KB in a joined topic, at 150 messages a second at most. While the channel is not joined it rejects
   * at once, or waits with `whenDown: 'wait'`. The SDK's answer is local: resolved is not delivered (F 2.12).
   *
   * Codes: `CALL_FAILED`, `QUEUE_FULL`, `UNCERTAIN`, `ABORTED`, `NOT_LOGGED_IN`, `LOGGED_OUT`.
   */
  publishTopicMessage(
    topic: string,
    message: string | Uint8Array,
    options?: TopicMessageOptions,
  ): Promise<PublishTopicMessageResponse>;
  /** Leaves the channel for good. Never rejects because the link is down. */
  leave(): Promise<void>;
}

/** What a handle acts on. */
export interface ChannelActions {
  state(): ChannelState;
  channel(): RTMStreamChannel;
  joinTopic(topic: string, options: joinTopicOptions | undefined): Promise<unknown>;
  leaveTopic(topic: string): Promise<void>;
  subscribeTopic(topic: string, users: readonly string[] | undefined): Promise<SubscribeTopicResponse>;
  unsubscribeTopic(topic: string, users: readonly string[] | undefined): Promise<void>;
  publish(topic: string, message: string | Uint8Array, options: TopicMessageOptions): Promise<unknown>;
  leave(): Promise<void>;
}

/** What an app holds of a stream channel. Once the channel was left, or was joined anew after a failure, it acts on nothing any more. */
export class StreamChannel implements StreamChannelHandle {
  readonly channelName: string;
  readonly #actions: ChannelActions;
  #ended: ChannelState | null = null;

  constructor(channelName: string, actions: ChannelActions) {
    this.channelName = channelName;
    this.#actions = actions;
  }

  /** Not a plain object: Vue's `reactive()` and the like leave it alone, since a proxy would not reach its private fields. */
  get [Symbol.toStringTag](): string {
    return 'StreamChannel';
  }

  get state(): ChannelState {
    return this.#ended ?? this.#actions.state();
  }

  get channel(): RTMStreamChannel {
    return this.#actions.channel();
  }

  async joinTopic(topic: string, options?: joinTopicOptions): Promise<JoinTopicResponse> {
    checkTopic(topic);
    const answer = await this.#live().joinTopic(topic, options);
    return { timestamp: 0, topicName: topic, ...(answer as Partial<JoinTopicResponse> | null) };
  }

  async leaveTopic(topic: string): Promise<LeaveTopicResponse> {
    checkTopic(topic);
    await this.#live().leaveTopic(topic);
    return { timestamp: 0, topicName: topic };
  }

  async subscribeTopic(topic: string, options?: SubscribeTopicOptions): Promise<SubscribeTopicResponse> {
    checkTopic(topic);
    checkUsers(options?.users);
    return this.#live().subscribeTopic(topic, options?.users);
  }

  async unsubscribeTopic(topic: string, options?: UnsubscribeTopicOptions): Promise<UnsubscribeTopicResponse> {
    checkTopic(topic);
    checkUsers(options?.users);
    await this.#live().unsubscribeTopic(topic, options?.users);
    return { timestamp: 0 };
  }

  async publishTopicMessage(
    topic: string,
    message: string | Uint8Array,
    options: TopicMessageOptions = {},
  ): Promise<PublishTopicMessageResponse> {
    checkTopic(topic);
    const answer = await this.#live().publish(topic, message, options);
    return { timestamp: 0, topicName: topic, ...(answer as Partial<PublishTopicMessageResponse> | null) };
  }

  async leave(): Promise<void> {
    if (this.#ended) {
      this.#ended = { status: 'left' };
      return;
    }
    await this.#actions.leave();
  }

  /** The channel was left, or another handle has taken its place. */
  end(state: ChannelState): void {
    this.#ended ??= Object.freeze(state);
  }

  #live(): ChannelActions {
    const { state } = this;
    if (state.status === 'failed') throw state.error;
    if (state.status !== 'left') return this.#actions;
    throw new SessionError('NOT_LOGGED_IN', `The stream channel "${this.channelName}" was left.`);
  }
}
