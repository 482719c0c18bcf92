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
import { NOT_JOINED, TOPIC_NOT_JOINED } from '../sdk/reasons.js';
import type { RTMStreamChannel, SignalingClient } from '../sdk/signaling-client.js';
import { checkOptions, checkTopic, checkUsers } from '../state/check-arguments.js';
import { SessionError } from '../state/session-error.js';
import type { ChannelState } from '../state/session-state.js';
import type { ChannelQueue } from './channel-queue.js';
import { ANYBODY, HEARING, hearing, type ItemKind, itemOptions, TOPIC, usersOf } from './item-kinds.js';
import { isUsable } from './next-step.js';
import type { Publication, PublishQueue } from './publish-queue.js';
import { messageOf, type QueueOptions, splitQueueOptions } from './queue-options.js';
import { LEFT, type Told } from './told.js';
import type { ItemOptions, WantedItem } from './wanted-item.js';
import { unwanted, type Wants } from './wants.js';

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

/** What a handle works with. */
interface StreamChannelOptions {
  readonly wants: Wants;
  /** The messages of topics. */
  readonly messages: PublishQueue;
  client(): SignalingClient;
  /** What the app was last told of channels. */
  readonly told: Told;
  /** A call that needs this leaves; returns what is to be called when the SDK says that it is not there, whatever was thought. */
  calling(item: WantedItem | null): (code: number) => void;
  /** @throws SessionError NOT_LOGGED_IN */
  assertActive(): void;
}

/** What an app holds of a stream channel. Once the channel was left, or was joined anew after a failure, it acts on nothing any more. */
export class StreamChannel implements StreamChannelHandle {
  readonly channelName: string;
  readonly #item: WantedItem;
  readonly #options: StreamChannelOptions;
  #ended: ChannelState | null = null;

  constructor(item: WantedItem, options: StreamChannelOptions) {
    this.channelName = item.queue.channelName;
    this.#item = item;
    this.#options = options;
  }

  /** Not a plain object: Vue's `reactive()` and the like leave it alone, since a proxy would not reach its private fields. */
  get [Symbol.toStringTag](): string {
    return 'StreamChannel';
  }

  get state(): ChannelState {
    return this.#ended ?? this.#options.told.stateOf(this.#item);
  }

  /** What a log or a store that writes JSON keeps of a handle. */
  toJSON(): Pick<StreamChannelHandle, 'channelName' | 'state'> {
    const { channelName, state } = this;
    return { channelName, state };
  }

  get channel(): RTMStreamChannel {
    return this.#options.client().createStreamChannel(this.channelName);
  }

  async joinTopic(topic: string, options?: joinTopicOptions): Promise<JoinTopicResponse> {
    checkTopic(topic);
    checkOptions(options);
    const { answer } = await this.#want(TOPIC, topic, itemOptions(TOPIC, options));
    return { timestamp: 0, topicName: topic, ...answer };
  }

  async leaveTopic(topic: string): Promise<LeaveTopicResponse> {
    checkTopic(topic);
    await this.#options.wants.unwant(this.#live().find(TOPIC, topic));
    return { timestamp: 0, topicName: topic };
  }

  async subscribeTopic(topic: string, options?: SubscribeTopicOptions): Promise<SubscribeTopicResponse> {
    checkTopic(topic);
    checkOptions(options);
    const users = options?.users;
    checkUsers(users);
    const item = await this.#want(HEARING, topic, hearing(users ?? [ANYBODY]));
    const answer: Partial<SubscribeTopicResponse> = item.answer ?? {};
    const { timestamp = 0, succeedUsers = [], failedUsers = [], failedDetails = [] } = answer;
    if (!users) return { timestamp, topicName: topic, succeedUsers, failedUsers, failedDetails };
    // A later call may have taken some of them out.
    const wanted = users.filter((user) => item.want && usersOf(item.want.options).includes(user));
    if (users.length > 0 && wanted.length === 0) throw unwanted(item);
    const missed = wanted.filter((user) => item.missed.has(user));
    return {
      timestamp,
      topicName: topic,
      succeedUsers: wanted.filter((user) => !missed.includes(user)),
      failedUsers: missed,
      failedDetails: failedDetails.filter(({ user }) => missed.includes(user)),
    };
  }

  async unsubscribeTopic(topic: string, options?: UnsubscribeTopicOptions): Promise<UnsubscribeTopicResponse> {
    checkTopic(topic);
    checkOptions(options);
    checkUsers(options?.users);
    await this.#options.wants.unwant(this.#live().find(HEARING, topic), options?.users);
    return { timestamp: 0 };
  }

  async publishTopicMessage(
    topic: string,
    message: string | Uint8Array,
    options: TopicMessageOptions = {},
  ): Promise<PublishTopicMessageResponse> {
    this.#live();
    checkTopic(topic);
    const said = messageOf(message);
    const [queue, sdkOptions] = splitQueueOptions(options);
    const { wants, messages, assertActive } = this.#options;
    assertActive();
    let answered: Publication['answered'] = () => {};
    const publication: Publication = {
      channel: topicKey(this.channelName, topic),
      message: said,
      canSend: () => canPublishIn(wants, this.channelName, topic),
      send: () => {
        answered = this.#calling(topic);
        return this.channel.publishTopicMessage(topic, said, sdkOptions);
      },
      answered: (code) => answered(code),
    };
    const answer = (await messages.publish(publication, queue)) as Partial<PublishTopicMessageResponse> | null;
    return { timestamp: 0, topicName: topic, ...answer };
  }

  async leave(): Promise<void> {
    if (this.#ended) this.#ended = LEFT;
    else await this.#options.wants.unwant(this.#item);
  }

  /** The channel was left, or another handle has taken its place. */
  end(state: ChannelState): void {
    this.#ended ??= state;
  }

  async #want(kind: ItemKind, topic: string, options: ItemOptions): Promise<WantedItem> {
    const queue = this.#live();
    this.#options.assertActive();
    return this.#options.wants.want(queue.item(kind, topic), options);
  }

  /** A message leaves; returns what is to be told with which code the SDK refused it. */
  #calling(topic: string): Publication['answered'] {
    const { queue } = this.#item;
    const channelGone = this.#options.calling(queue.head);
    const topicGone = this.#options.calling(queue.find(TOPIC, topic));
    return (code) => {
      if (code === NOT_JOINED) channelGone(code);
      else if (code === TOPIC_NOT_JOINED) topicGone(code);
    };
  }

  #live(): ChannelQueue {
    const { state } = this;
    if (state.status === 'failed') throw state.error;
    if (state.status !== 'left') return this.#item.queue;
    throw new SessionError('NOT_LOGGED_IN', `The stream channel "${this.channelName}" was left.`);
  }
}

/** Names a topic among those of all channels; neither channels nor topics hold a line break. */
export function topicKey(channelName: string, topic: string): string {
  return `${channelName}\n${topic}`;
}

/** A topic that was wanted must be joined; one that the app joined by itself is the SDK's to judge. */
function canPublishIn({ isUp, streams }: Wants, channelName: string, topic: string): boolean {
  const queue = streams.get(channelName);
  if (!isUp || !queue || !isUsable(queue)) return false;
  const joined = queue.find(TOPIC, topic);
  return !joined?.want || joined.known.is === 'present';
}
