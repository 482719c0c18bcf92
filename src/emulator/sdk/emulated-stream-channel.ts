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
import type { FaultOperation } from '../faults/call-fault.js';
import type { LinkReasonCode, LoginReply, OperationName, Operations, StreamEvent } from '../protocol.js';
import type { Call } from './call.js';
import type { Calls } from './calls.js';
import { TokenInUse } from './credentials.js';
import { JoinAttempt, joinRequest } from './join-attempt.js';
import { reasonOfError } from './link-reasons.js';
import type { MessageLink } from './message-link.js';
import type { Answer } from './requests.js';
import { SignalingError, timeoutError } from './signaling-error.js';
import { StreamLink } from './stream-link.js';
import { StreamTopics } from './stream-topics.js';

const DUPLICATE_OPERATION = -10017;

/** What a stream channel needs from the client that made it. */
export interface StreamChannelOwner {
  readonly clock: Clock;
  readonly link: MessageLink;
  readonly calls: Calls;
  /** Whether one more stream channel may be joined. */
  hasRoom(): boolean;
  emit(event: RTMEvents.LinkStateEvent): void;
  checkToken(token: string): number | Promise<number>;
}

/** A stream channel as the SDK has it. It lives as long as its client: the same name always gives the same object. */
export class EmulatedStreamChannel implements RTMStreamChannel {
  readonly #channelName: string;
  readonly #owner: StreamChannelOwner;
  readonly #stream: StreamLink;
  readonly #token = new TokenInUse();
  readonly #topics: StreamTopics;
  #attempt: JoinAttempt | null = null;
  #joins = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(channelName: string, owner: StreamChannelOwner) {
    this.#channelName = channelName;
    this.#owner = owner;
    this.#stream = new StreamLink(channelName, owner.clock, {
      emit: (event) => owner.emit(event),
      givenUp: () => this.#givenUp(),
    });
    this.#topics = new StreamTopics({
      channelName,
      checkLogin: (operation) => this.#checkLogin(operation),
      checkMember: (operation) => this.#checkMember(operation),
      ask: (name, request, timeoutCode, call) => this.#ask(name, request, timeoutCode, call),
    });
  }

  /** Joins run one after the other, as observed: a second call begins when the first has ended. */
  join(options: JoinOptions = {}): Promise<JoinChannelResponse> {
    return this.#call('join', (call) => {
      const turn = this.#turn.then(() => this.#join(options, call));
      this.#turn = turn.catch(() => {});
      return turn;
    });
  }

  leave(): Promise<LeaveChannelResponse> {
    return this.#call('leave', (call) => this.#leave(call));
  }

  joinTopic(topicName: string, options: joinTopicOptions = {}): Promise<JoinTopicResponse> {
    return this.#call('joinTopic', (call) => this.#topics.join(topicName, options, call));
  }

  leaveTopic(topicName: string): Promise<LeaveTopicResponse> {
    return this.#call('leaveTopic', (call) => this.#topics.leave(topicName, call));
  }

  publishTopicMessage(
    topicName: string,
    message: string | Uint8Array,
    options: PublishTopicMessageOptions = {},
  ): Promise<PublishTopicMessageResponse> {
    return this.#call('publishTopicMessage', (call) => this.#topics.publish(topicName, message, options, call));
  }

  subscribeTopic(topicName: string, options: SubscribeTopicOptions = {}): Promise<SubscribeTopicResponse> {
    return this.#call('subscribeTopic', (call) => this.#topics.subscribe(topicName, options, call));
  }

  unsubscribeTopic(topicName: string, options: UnsubscribeTopicOptions = {}): Promise<UnsubscribeTopicResponse> {
    return this.#call('unsubscribeTopic', (call) => this.#topics.unsubscribe(topicName, options, call));
  }

  /** Whether the channel is joined or being joined. */
  get occupied(): boolean {
    return this.#stream.member || this.#attempt !== null;
  }

  getSubscribedUserList(topicName: string): GetSubscribedUserListResponse {
    return this.#topics.subscribed(topicName);
  }

  /** Renews this channel's token, by the same rules as the login's. */
  async renew(token: string, call: Call): Promise<void> {
    this.#checkMember('renewToken');
    this.#checkLinks('renewToken');
    await this.#token.renew(token, async () => {
      const request = { token, channelName: this.#channelName };
      await this.#ask('renewToken', request, -10026, call);
    });
  }

  /** The login's link is gone. */
  linkLost(): void {
    this.#stream.lost();
  }

  /** The login's link is back, `before` its own event and again after it. */
  linkBack(moment: 'before' | 'after', reply: LoginReply): void {
    const ended = reply.ended.find(({ channelName }) => channelName === this.#channelName);
    const joined = reply.joined.includes(this.#channelName);
    if (moment === 'after' && joined && !this.#stream.member && !this.#attempt) this.#leaveQuietly();
    if (!this.#stream.member) return;
    if (moment === 'after' && joined) this.#stream.back(true);
    if (moment === 'after' && ended) this.end('SERVER_REJECT', ended.reasonCode);
    if (moment === 'before' && !joined && !ended) this.end('AUTO_RECONNECT', 'RECONNECT_TIMEOUT');
  }

  /** The channel's own link was lost, came back or was ended, while the login's is whole. */
  heard(event: StreamEvent): void {
    if (!this.#stream.member) return;
    if (event.change === 'lost') this.#stream.lost();
    else if (event.change === 'left') this.#left('LEAVE');
    else {
      if (event.change === 'emptied') this.#topics.clear();
      this.#stream.back(event.change === 'resumed');
    }
  }

  /** The stay in this channel is over: the service said so, or the login is over. */
  end(operation: RTMEvents.LinkOperation, reasonCode: LinkReasonCode): void {
    if (!this.#stream.member) return;
    this.#topics.clear();
    this.#stream.failed(operation, reasonCode);
  }

  /** The user logged out. A join that is still pending goes on to its time-out, as observed. */
  loggedOut(): void {
    if (this.#stream.member) this.#left('LOGOUT');
  }

  #call<Value>(operation: FaultOperation, act: (call: Call) => Promise<Value>): Promise<Value> {
    return this.#owner.calls.make(operation, this.#channelName, act);
  }

  async #join(options: JoinOptions, call: Call): Promise<JoinChannelResponse> {
    // Not the state of a join of ours, which would be waited for, but of a link that is being restored.
    if (this.#stream.state === 'CONNECTING') throw new SignalingError('join', DUPLICATE_OPERATION);
    if (this.#stream.member) return this.#joinAgain(options, call);
    const hasRoom = this.#owner.hasRoom();
    const attempt = this.#newAttempt(call);
    this.#attempt = attempt;
    this.#stream.joining();
    try {
      return { timestamp: await attempt.run(options, hasRoom) };
    } finally {
      if (this.#attempt === attempt) this.#attempt = null;
    }
  }

  /** Joining what is joined applies the options. */
  async #joinAgain(options: JoinOptions, call: Call): Promise<JoinChannelResponse> {
    this.#owner.calls.countJoin();
    const { timestamp } = await this.#ask(
      'join',
      joinRequest(this.#channelName, options, { again: true, attempt: ++this.#joins }),
      -11007,
      call,
    );
    return { timestamp };
  }

  #newAttempt(call: Call): JoinAttempt {
    return new JoinAttempt({
      channelName: this.#channelName,
      attempt: ++this.#joins,
      clock: this.#owner.clock,
      link: this.#owner.link,
      call,
      count: () => this.#owner.calls.countJoin(),
      checkToken: (token) => this.#owner.checkToken(token),
      tooLate: () => {
        this.#stream.failed('JOIN', 'JOIN_FAILED');
        return timeoutError('join', -11007);
      },
      // This refusal means that the link is CONNECTING on another call's behalf: it stays so.
      refused: (code) =>
        code === DUPLICATE_OPERATION || this.#stream.failed('JOIN', reasonOfError(code, 'JOIN_FAILED')),
      joined: (token) => {
        this.#token.token = token;
        this.#stream.joined();
      },
      arrivedTooLate: () => {
        if (!this.#stream.member && !this.#attempt) this.#leaveQuietly();
      },
    });
  }

  async #leave(call: Call): Promise<LeaveChannelResponse> {
    const attempt = this.#attempt;
    if (attempt || (this.#stream.state === 'CONNECTING' && !this.#stream.member)) {
      this.#attempt = null;
      this.#left('LEAVE');
      attempt?.cancel();
      return { timestamp: 0 };
    }
    this.#checkMember('leave');
    const { timestamp } = await this.#ask('leave', { channelName: this.#channelName }, -11028, call);
    this.#left('LEAVE');
    return { timestamp };
  }

  #left(operation: 'LEAVE' | 'LOGOUT'): void {
    this.#topics.clear();
    this.#token.token = '';
    this.#stream.left(operation);
  }

  /** The client has left without a word; where the service can be reached it is told. */
  #givenUp(): void {
    this.#left('LEAVE');
    this.#leaveQuietly();
  }

  #leaveQuietly(): void {
    const names = { operation: 'leave', timeoutCode: -11028 };
    void this.#owner.link.request('leave', { channelName: this.#channelName }, names).catch(() => {});
  }

  async #ask<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
    timeoutCode: number,
    call: Call,
  ): Promise<Answer<Name>> {
    this.#checkMember(name);
    if (name !== 'leave') this.#checkLinks(name);
    return this.#owner.link.request(name, request, { operation: name, timeoutCode, call });
  }

  #checkLogin(operation: string): void {
    const { state } = this.#owner.link;
    if (state === 'IDLE' || state === 'FAILED') throw new SignalingError(operation, -10025);
  }

  #checkMember(operation: string): void {
    this.#checkLogin(operation);
    if (!this.#stream.member) throw new SignalingError(operation, -11001);
  }

  /** Both links are needed; the login's is looked at first. */
  #checkLinks(operation: string): void {
    if (this.#owner.link.state !== 'CONNECTED') throw new SignalingError(operation, -10025);
    if (this.#stream.state !== 'CONNECTED') throw new SignalingError(operation, -11001);
  }
}
