import type {
  GetSubscribedUserListResponse,
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
import { byteLength, isTopicName, SIZES } from '../limits.js';
import type { OperationName, Operations } from '../protocol.js';
import type { Call } from './call.js';
import { checkCustomType, checkMessage } from './check-message.js';
import type { Answer } from './requests.js';
import { SignalingError } from './signaling-error.js';

/** What topics need from the stream channel that they are in. */
export interface TopicOwner {
  readonly channelName: string;
  /** @throws SignalingError where nobody is logged in. */
  checkLogin(operation: string): void;
  /** @throws SignalingError where the channel is not joined. */
  checkMember(operation: string): void;
  ask<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
    timeoutCode: number,
    call: Call,
  ): Promise<Answer<Name>>;
}

/** The topics of one stream channel, as the SDK has them. */
export class StreamTopics {
  readonly #owner: TopicOwner;
  readonly #subscribed = new Map<string, readonly string[]>();

  constructor(owner: TopicOwner) {
    this.#owner = owner;
  }

  async join(topicName: string, options: joinTopicOptions, call: Call): Promise<JoinTopicResponse> {
    this.#checkName('joinTopic', topicName);
    const meta = options.meta === undefined || options.meta === null ? '' : String(options.meta);
    if (byteLength(meta) > SIZES.topicMetaBytes) throw new SignalingError('joinTopic', -11018);
    const { timestamp } = await this.#owner.ask('joinTopic', { ...this.#topic(topicName), meta }, -11015, call);
    return { timestamp, topicName };
  }

  async leave(topicName: string, call: Call): Promise<LeaveTopicResponse> {
    this.#checkName('leaveTopic', topicName);
    const { timestamp } = await this.#owner.ask('leaveTopic', this.#topic(topicName), -11028, call);
    return { timestamp, topicName };
  }

  async publish(
    topicName: string,
    message: string | Uint8Array,
    options: PublishTopicMessageOptions,
    call: Call,
  ): Promise<PublishTopicMessageResponse> {
    const operation = 'publishTopicMessage';
    this.#checkName(operation, topicName);
    this.#owner.checkMember(operation);
    checkMessage(operation, message, SIZES.topicMessageBytes);
    const request = { ...this.#topic(topicName), message, customType: checkCustomType(operation, options.customType) };
    const { timestamp } = await this.#owner.ask(operation, request, -11026, call);
    return { timestamp, topicName };
  }

  async subscribe(topicName: string, options: SubscribeTopicOptions, call: Call): Promise<SubscribeTopicResponse> {
    this.#checkName('subscribeTopic', topicName);
    const request = { ...this.#topic(topicName), users: options.users ?? null };
    const { reply, timestamp } = await this.#owner.ask('subscribeTopic', request, -11019, call);
    this.#subscribed.set(topicName, reply.subscribed);
    const failedDetails = reply.failed.map(({ userId, errorCode, reason }) => {
      return { timestamp, topicName, user: userId, errorCode, reason };
    });
    const failedUsers = reply.failed.map(({ userId }) => userId);
    return { timestamp, topicName, succeedUsers: [...reply.succeeded], failedUsers, failedDetails };
  }

  async unsubscribe(
    topicName: string,
    options: UnsubscribeTopicOptions,
    call: Call,
  ): Promise<UnsubscribeTopicResponse> {
    this.#checkName('unsubscribeTopic', topicName);
    const request = { ...this.#topic(topicName), users: options.users ?? null };
    const { reply, timestamp } = await this.#owner.ask('unsubscribeTopic', request, -11019, call);
    if (reply.subscribed.length > 0) this.#subscribed.set(topicName, reply.subscribed);
    else this.#subscribed.delete(topicName);
    return { timestamp };
  }

  /** Whom this client believes to hear in a topic. */
  subscribed(topicName: string): GetSubscribedUserListResponse {
    this.#checkName('getSubscribedUserList', topicName);
    this.#owner.checkMember('getSubscribedUserList');
    const subscribed = this.#subscribed.get(topicName);
    if (!subscribed) throw new SignalingError('getSubscribedUserList', -11013);
    return { timestamp: 0, topicName, subscribed: [...subscribed] };
  }

  /** The stay in the channel is over. */
  clear(): void {
    this.#subscribed.clear();
  }

  #topic(topicName: string): { channelName: string; topicName: string } {
    return { channelName: this.#owner.channelName, topicName };
  }

  #checkName(operation: string, topicName: unknown): void {
    this.#owner.checkLogin(operation);
    if (!isTopicName(topicName)) throw new SignalingError(operation, -11008);
  }
}
