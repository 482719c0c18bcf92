import type { SubscribeTopicResponse } from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import { Lane } from '../sdk/lane.js';
import type { SignalingClient } from '../sdk/signaling-client.js';
import { SessionError } from '../state/session-error.js';
import type { ChannelState } from '../state/session-state.js';
import { ANYBODY, CHANNEL, HEARING, hearing, itemOptions, TOPIC } from './item-kinds.js';
import { isUsable } from './next-step.js';
import { byteLength, PublishQueue } from './publish-queue.js';
import { checkMessage, splitQueueOptions } from './queue-options.js';
import { type ChannelActions, StreamChannel, type TopicMessageOptions } from './stream-channel.js';
import type { WantedItem } from './wanted-item.js';
import type { Wants } from './wants.js';

interface ChannelHandlesOptions {
  readonly clock: Clock;
  readonly wants: Wants;
  client(): SignalingClient;
  /** What the app was last told of a channel. */
  stateOf(channel: WantedItem): ChannelState;
  /** Whether the login's link is CONNECTED. */
  isUp(): boolean;
  /** @throws SessionError NOT_LOGGED_IN */
  assertActive(): void;
}

/** Below the SDK's 200 a second (F 2.6), since the app may publish by itself. */
const TOPIC_MESSAGES_PER_SECOND = 150;

/** What apps hold of their stream channels, with the messages of their topics. */
export class ChannelHandles {
  readonly #options: ChannelHandlesOptions;
  readonly #handles = new Map<WantedItem, StreamChannel>();
  readonly #messages: PublishQueue;

  constructor(options: ChannelHandlesOptions) {
    const { clock } = options;
    this.#options = options;
    this.#messages = new PublishQueue({
      clock,
      lane: new Lane({ clock, perSecond: TOPIC_MESSAGES_PER_SECOND }),
      canSend: (topic) => this.#canPublishIn(topic),
      downError: () => {
        const message = "The topic is not joined now; pass `whenDown: 'wait'` for a message that may come late.";
        return new SessionError('CALL_FAILED', message);
      },
      whenDown: 'reject',
    });
  }

  /** Messages of this topic may be sent again; without one, of any. */
  look(topic?: WantedItem): void {
    this.#messages.look(topic && topicKey(topic.channelName, topic.topic));
  }

  /** Messages that wait, for a diagnosis. */
  get messagesWaiting(): number {
    return this.#messages.waiting;
  }

  linkDown(): void {
    this.#messages.linkDown();
  }

  /** Nothing is sent any more. */
  clear(error: SessionError): void {
    this.#messages.clear(error);
  }

  /** The handle of a channel that is wanted; the same one as long as it is wanted without a break. */
  handle(channelName: string): StreamChannel {
    const item = this.#options.wants.find(CHANNEL, channelName);
    if (!item) throw new SessionError('ABORTED', `The stream channel "${channelName}" is no longer wanted.`);
    const handle = this.#handles.get(item) ?? new StreamChannel(channelName, this.#actions(item));
    this.#handles.set(item, handle);
    return handle;
  }

  /** The channel was left, or is to be joined anew with a handle of its own. */
  end(item: WantedItem, state: ChannelState): void {
    this.#handles.get(item)?.end(state);
    this.#handles.delete(item);
  }

  #actions(channel: WantedItem): ChannelActions {
    const { channelName } = channel;
    const { wants } = this.#options;
    return {
      state: () => this.#options.stateOf(channel),
      channel: () => this.#options.client().createStreamChannel(channelName),
      leave: () => wants.unwant(CHANNEL, channelName),
      joinTopic: async (topic, options) => {
        this.#options.assertActive();
        await wants.want(TOPIC, channelName, topic, itemOptions(TOPIC, options));
        return wants.find(TOPIC, channelName, topic)?.answer ?? null;
      },
      leaveTopic: (topic) => wants.unwant(TOPIC, channelName, topic),
      subscribeTopic: async (topic, users) => {
        this.#options.assertActive();
        await wants.want(HEARING, channelName, topic, hearing(users ?? [ANYBODY]));
        return heard(topic, users, wants.find(HEARING, channelName, topic));
      },
      unsubscribeTopic: (topic, users) => wants.unwant(HEARING, channelName, topic, users ? hearing(users) : null),
      publish: (topic, message, options) => this.#publishIn(channel, topic, message, options),
    };
  }

  #publishIn(
    { channelName }: WantedItem,
    topic: string,
    message: string | Uint8Array,
    options: TopicMessageOptions,
  ): Promise<unknown> {
    checkMessage(message);
    const [queue, sdkOptions] = splitQueueOptions(options);
    this.#options.assertActive();
    const send = (): Promise<unknown> =>
      this.#options.client().createStreamChannel(channelName).publishTopicMessage(topic, message, sdkOptions);
    return this.#messages.publish(topicKey(channelName, topic), byteLength(message), send, queue);
  }

  /** A topic that was wanted must be joined; one that the app joined by itself is the SDK's to judge. */
  #canPublishIn(key: string): boolean {
    const { channelName, topic } = fromTopicKey(key);
    const channel = this.#options.wants.find(CHANNEL, channelName);
    if (!this.#options.isUp() || !channel || !isUsable(this.#options.wants.queueOf(channel))) return false;
    const joined = this.#options.wants.find(TOPIC, channelName, topic);
    return !joined?.want || joined.known.is === 'present';
  }
}

/** Who is heard of those who were asked for, as the SDK would say it. */
function heard(topic: string, users: readonly string[] | undefined, item: WantedItem | null): SubscribeTopicResponse {
  const answer = (item?.answer ?? null) as Partial<SubscribeTopicResponse> | null;
  const { timestamp = 0, succeedUsers = [], failedUsers = [], failedDetails = [] } = answer ?? {};
  if (!users) return { timestamp, topicName: topic, succeedUsers, failedUsers, failedDetails };
  const missed = users.filter((user) => item?.missed.has(user));
  return {
    timestamp,
    topicName: topic,
    succeedUsers: users.filter((user) => !missed.includes(user)),
    failedUsers: missed,
    failedDetails: failedDetails.filter(({ user }) => missed.includes(user)),
  };
}

/** Neither channels nor topics hold a line break. */
function topicKey(channelName: string, topic: string): string {
  return `${channelName}\n${topic}`;
}

function fromTopicKey(key: string): { channelName: string; topic: string } {
  const [channelName = '', topic = ''] = key.split('\n');
  return { channelName, topic };
}
