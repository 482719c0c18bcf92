import type {
  GetSubscribedUserListResponse,
  JoinChannelResponse,
  JoinOptions,
  JoinTopicResponse,
  joinTopicOptions,
  LeaveChannelResponse,
  LeaveTopicResponse,
  PublishTopicMessageOptions,
  PublishTopicMessageResponse,
  RTMEvents,
  RTMStreamChannel,
  SubscribeTopicOptions,
  SubscribeTopicResponse,
  UnsubscribeTopicOptions,
  UnsubscribeTopicResponse,
} from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import { byteLength, isTopicName, LIMITS } from '../limits.js';
import type { LinkReasonCode, LoginReply, OperationName, Operations } from '../protocol.js';
import { checkCustomType, checkMessage } from './check-message.js';
import { TokenInUse } from './credentials.js';
import { JoinAttempt } from './join-attempt.js';
import { reasonOfError } from './link-reasons.js';
import type { MessageLink } from './message-link.js';
import type { Answer } from './requests.js';
import { SignalingError, timeoutError } from './signaling-error.js';
import { StreamLink } from './stream-link.js';

/** What a stream channel needs from the client that made it. */
export interface StreamChannelOwner {
  readonly clock: Clock;
  readonly link: MessageLink;
  emit(event: RTMEvents.LinkStateEvent): void;
  checkToken(token: string): number | Promise<number>;
}

/** A stream channel as the SDK has it. It lives as long as its client: the same name always gives the same object. */
export class EmulatedStreamChannel implements RTMStreamChannel {
  readonly #channelName: string;
  readonly #owner: StreamChannelOwner;
  readonly #stream: StreamLink;
  readonly #token = new TokenInUse();
  readonly #subscribed = new Map<string, readonly string[]>();
  #attempt: JoinAttempt | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(channelName: string, owner: StreamChannelOwner) {
    this.#channelName = channelName;
    this.#owner = owner;
    this.#stream = new StreamLink(channelName, owner.clock, (event) => owner.emit(event));
  }

  /** Joins run one after the other, as observed: a second call begins when the first has ended. */
  join(options: JoinOptions = {}): Promise<JoinChannelResponse> {
    const turn = this.#turn.then(() => this.#join(options));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async leave(): Promise<LeaveChannelResponse> {
    if (this.#attempt) {
      const attempt = this.#attempt;
      this.#attempt = null;
      this.#left('LEAVE');
      attempt.cancel();
      return { timestamp: 0 };
    }
    const { timestamp } = await this.#ask('leave', 'leave', { channelName: this.#channelName }, -11028);
    this.#left('LEAVE');
    return { timestamp };
  }

  async joinTopic(topicName: string, options: joinTopicOptions = {}): Promise<JoinTopicResponse> {
    this.#checkTopicName('joinTopic', topicName);
    const meta = options.meta === undefined || options.meta === null ? '' : String(options.meta);
    if (byteLength(meta) > LIMITS.topicMetaBytes) throw new SignalingError('joinTopic', -11018);
    const { timestamp } = await this.#ask('joinTopic', 'joinTopic', { ...this.#topic(topicName), meta }, -11015);
    return { timestamp, topicName };
  }

  async leaveTopic(topicName: string): Promise<LeaveTopicResponse> {
    this.#checkTopicName('leaveTopic', topicName);
    const { timestamp } = await this.#ask('leaveTopic', 'leaveTopic', this.#topic(topicName), -11028);
    return { timestamp, topicName };
  }

  async publishTopicMessage(
    topicName: string,
    message: string | Uint8Array,
    options: PublishTopicMessageOptions = {},
  ): Promise<PublishTopicMessageResponse> {
    const operation = 'publishTopicMessage';
    this.#checkTopicName(operation, topicName);
    this.#checkMember(operation);
    checkMessage(operation, message, LIMITS.topicMessageBytes);
    const customType = checkCustomType(operation, options.customType);
    const request = { ...this.#topic(topicName), message, customType };
    const { timestamp } = await this.#ask(operation, operation, request, -11026);
    return { timestamp, topicName };
  }

  async subscribeTopic(topicName: string, options: SubscribeTopicOptions = {}): Promise<SubscribeTopicResponse> {
    this.#checkTopicName('subscribeTopic', topicName);
    const request = { ...this.#topic(topicName), users: options.users ?? null };
    const { reply, timestamp } = await this.#ask('subscribeTopic', 'subscribeTopic', request, -11019);
    this.#subscribed.set(topicName, reply.subscribed);
    const failedDetails = reply.failed.map(({ userId, errorCode, reason }) => {
      return { timestamp, topicName, user: userId, errorCode, reason };
    });
    const failedUsers = reply.failed.map(({ userId }) => userId);
    return { timestamp, topicName, succeedUsers: [...reply.succeeded], failedUsers, failedDetails };
  }

  async unsubscribeTopic(topicName: string, options: UnsubscribeTopicOptions = {}): Promise<UnsubscribeTopicResponse> {
    this.#checkTopicName('unsubscribeTopic', topicName);
    const request = { ...this.#topic(topicName), users: options.users ?? null };
    const { reply, timestamp } = await this.#ask('unsubscribeTopic', 'unsubscribeTopic', request, -11019);
    if (reply.subscribed.length > 0) this.#subscribed.set(topicName, reply.subscribed);
    else this.#subscribed.delete(topicName);
    return { timestamp };
  }

  getSubscribedUserList(topicName: string): GetSubscribedUserListResponse {
    this.#checkTopicName('getSubscribedUserList', topicName);
    this.#checkMember('getSubscribedUserList');
    const subscribed = this.#subscribed.get(topicName);
    if (!subscribed) throw new SignalingError('getSubscribedUserList', -11013);
    return { timestamp: 0, topicName, subscribed: [...subscribed] };
  }

  /** Renews this channel's token, by the same rules as the login's. */
  async renew(token: string): Promise<number> {
    this.#checkMember('renewToken');
    if (this.#owner.link.state !== 'CONNECTED') throw new SignalingError('renewToken', -10025);
    return this.#token.renew(token, async () => {
      const request = { token, channelName: this.#channelName };
      return (await this.#ask('renewToken', 'renewToken', request, -10026)).timestamp;
    });
  }

  /** The login's link is gone. */
  linkLost(): void {
    this.#stream.lost();
  }

  /** The login's link is back, `before` its own event and again after it. */
  linkBack(moment: 'before' | 'after', reply: LoginReply): void {
    if (!this.#stream.member) return;
    const ended = reply.ended.find(({ channelName }) => channelName === this.#channelName);
    const joined = reply.joined.includes(this.#channelName);
    if (moment === 'after' && joined) this.#stream.resumed();
    if (moment === 'after' && ended) this.end('SERVER_REJECT', ended.reasonCode);
    if (moment === 'before' && !joined && !ended) this.end('AUTO_RECONNECT', 'RECONNECT_TIMEOUT');
  }

  /** The stay in this channel is over: the service said so, or the login is over. */
  end(operation: RTMEvents.LinkOperation, reasonCode: LinkReasonCode): void {
    if (!this.#stream.member) return;
    this.#subscribed.clear();
    this.#stream.failed(operation, reasonCode);
  }

  /** The user logged out. A join that is still pending goes on to its time-out, as observed. */
  loggedOut(): void {
    if (this.#stream.member) this.#left('LOGOUT');
  }

  async #join(options: JoinOptions): Promise<JoinChannelResponse> {
    if (this.#stream.member) throw new SignalingError('join', -10017);
    const attempt = new JoinAttempt({
      channelName: this.#channelName,
      clock: this.#owner.clock,
      link: this.#owner.link,
      checkToken: (token) => this.#owner.checkToken(token),
      tooLate: () => {
        this.#stream.failed('JOIN', 'JOIN_FAILED');
        return timeoutError('join', -11007);
      },
      refused: (code) => this.#stream.failed('JOIN', reasonOfError(code, 'JOIN_FAILED')),
      joined: (token) => {
        this.#token.token = token;
        this.#stream.joined();
      },
    });
    this.#attempt = attempt;
    this.#stream.joining();
    try {
      return { timestamp: await attempt.run(options) };
    } finally {
      if (this.#attempt === attempt) this.#attempt = null;
    }
  }

  #left(operation: 'LEAVE' | 'LOGOUT'): void {
    this.#subscribed.clear();
    this.#token.token = '';
    this.#stream.left(operation);
  }

  async #ask<Name extends OperationName>(
    name: Name,
    operation: string,
    request: Operations[Name]['request'],
    timeoutCode: number,
  ): Promise<Answer<Name>> {
    this.#checkMember(operation);
    return this.#owner.link.request(name, request, { operation, timeoutCode });
  }

  #topic(topicName: string): { channelName: string; topicName: string } {
    return { channelName: this.#channelName, topicName };
  }

  #checkLogin(operation: string): void {
    const { state } = this.#owner.link;
    if (state === 'IDLE' || state === 'FAILED') throw new SignalingError(operation, -10025);
  }

  #checkMember(operation: string): void {
    this.#checkLogin(operation);
    if (!this.#stream.member) throw new SignalingError(operation, -11001);
  }

  #checkTopicName(operation: string, topicName: unknown): void {
    this.#checkLogin(operation);
    if (!isTopicName(topicName)) throw new SignalingError(operation, -11008);
  }
}
