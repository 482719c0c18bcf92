import type { JoinOptions, PublishOptions, RTMEvents, SubscribeOptions, SubscribeTopicResponse } from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import type { RetryPolicy } from '../../token/retry-schedule.js';
import type { TokenFailure } from '../../token/token-failure.js';
import type { RequestCause } from '../../token/token-lease.js';
import { Lane } from '../sdk/lane.js';
import type { LinkStateEvent, SignalingClient } from '../sdk/signaling-client.js';
import type { Report } from '../state/inspection-event.js';
import { SessionError } from '../state/session-error.js';
import type { ChannelState, RestoreResult, SubscriptionSnapshot } from '../state/session-state.js';
import type { ChannelQueue } from './channel-queue.js';
import type { ChannelTokens } from './channel-tokens.js';
import { ANYBODY, CHANNEL, HEARING, hearing, itemOptions, SUBSCRIPTION, TOPIC } from './item-kinds.js';
import { isUsable } from './next-step.js';
import { PublishQueue } from './publish-queue.js';
import { checkMessage, type QueueOptions, splitQueueOptions } from './queue-options.js';
import { Reconciler } from './reconciler.js';
import { Restoring } from './restoring.js';
import {
  type ChannelActions,
  StreamChannel,
  type StreamChannelHandle,
  type TopicMessageOptions,
} from './stream-channel.js';
import { Told } from './told.js';
import type { WantedItem } from './wanted-item.js';

interface WantedStateOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: RetryPolicy;
  /** The lane of everything but messages. */
  readonly lane: Lane;
  readonly tokens: ChannelTokens;
  readonly report: Report;
  client(): SignalingClient;
  /** Other stream channels than before need tokens. */
  onTargets(): void;
  onRestored(results: RestoreResult[]): void;
  /** The link is not what it is believed to be. */
  onDoubt(): void;
}

/** Below what the SDK allows, since the app may publish by itself: 60 a second, and 200 for topics (F 2.6). */
const PUBLISHES_PER_SECOND = 50;
const TOPIC_MESSAGES_PER_SECOND = 150;

/** What the app wants to be subscribed to and joined in, and its messages. It outlives logins, also failed ones, and ends with a logout. */
export class WantedState {
  readonly #options: WantedStateOptions;
  readonly #reconciler: Reconciler;
  readonly #restoring: Restoring;
  readonly #told: Told;
  readonly #handles = new Map<WantedItem, StreamChannel>();
  readonly #messages: PublishQueue;
  readonly #topicMessages: PublishQueue;
  #up = false;
  #active = false;

  constructor(options: WantedStateOptions) {
    const { clock } = options;
    this.#options = options;
    this.#told = new Told(options.report);
    this.#restoring = new Restoring(clock, (results) => options.onRestored(results));
    this.#reconciler = new Reconciler({
      ...options,
      onTargets: () => options.onTargets(),
      onTried: (item) => this.#restoring.tried(item),
      onOutcome: (item, error) => this.#restoring.outcome(item, error),
      onChanged: (queues) => this.#changed(queues),
    });
    this.#messages = new PublishQueue({
      clock,
      lane: new Lane({ clock, perSecond: PUBLISHES_PER_SECOND }),
      canSend: () => this.#up,
      downError: () =>
        new SessionError('CALL_FAILED', 'The session is not connected, and the message was not to wait.'),
      whenDown: 'wait',
    });
    this.#topicMessages = new PublishQueue({
      clock,
      lane: new Lane({ clock, perSecond: TOPIC_MESSAGES_PER_SECOND }),
      canSend: (topic) => this.#canPublishIn(topic),
      downError: (topic) => {
        const message = `${topic} is not joined now; pass \`whenDown: 'wait'\` for a message that may come late.`;
        return new SessionError('CALL_FAILED', message);
      },
      whenDown: 'reject',
    });
  }

  /** The stream channels that need tokens. */
  get channelNames(): string[] {
    return this.#channels.filter(({ want, failed }) => want && !failed).map(({ channelName }) => channelName);
  }

  get channelSnapshots(): readonly { readonly channelName: string; readonly state: ChannelState }[] {
    return this.#told.channels;
  }

  get subscriptionSnapshots(): readonly SubscriptionSnapshot[] {
    return this.#told.subscriptions;
  }

  subscribe(channelName: string, options: SubscribeOptions | undefined, signal?: AbortSignal): Promise<void> {
    return this.#reconciler.wants.want(SUBSCRIPTION, channelName, '', itemOptions(SUBSCRIPTION, options), signal);
  }

  unsubscribe(channelName: string): Promise<void> {
    return this.#reconciler.wants.unwant(SUBSCRIPTION, channelName);
  }

  /** Wants a stream channel; one that is known already is given again, one that was given up is tried anew with a handle of its own. */
  join(
    channelName: string,
    options: Omit<JoinOptions, 'token'> | undefined,
    signal?: AbortSignal,
  ): Promise<StreamChannelHandle> {
    const { wants } = this.#reconciler;
    const known = wants.find(CHANNEL, channelName);
    if (known?.failed) this.#endHandle(known, { status: 'failed', error: known.failed });
    const joined = wants.want(CHANNEL, channelName, '', itemOptions(CHANNEL, options), signal);
    return joined.then(() => this.#handle(channelName));
  }

  publish(
    channelName: string,
    message: string | Uint8Array,
    { options, queue }: { options: PublishOptions | undefined; queue: QueueOptions },
  ): Promise<unknown> {
    const send = (): Promise<unknown> => this.#options.client().publish(channelName, message, options);
    const channel = `${options?.channelType ?? 'MESSAGE'} ${channelName}`;
    return this.#messages.publish(channel, byteLength(message), send, queue);
  }

  /** The app's word: channels and subscriptions that were given up are tried again. */
  retryFailed(): void {
    const { wants } = this.#reconciler;
    const failed = wants.items().filter(({ failed: error }) => error !== null);
    for (const item of failed) wants.retry(item);
    if (failed.length > 0) this.#options.onTargets();
  }

  /** Starts to fetch the channels' tokens, so that they come with the request that leaves now. */
  prepareTokens(cause: RequestCause): void {
    for (const channelName of this.channelNames) this.#options.tokens.of(channelName).take(cause);
  }

  /** Whether the SDK can be given a renewed token for this channel. */
  isJoined(channelName: string): boolean {
    const channel = this.#reconciler.wants.find(CHANNEL, channelName);
    return channel?.known.is === 'present' && !this.#reconciler.wants.queueOf(channel).isConnecting;
  }

  /** A login is under way, and what the app wants will be so. */
  begin(): void {
    this.#active = true;
  }

  /** The link stands. `restoring`: what is brought back is told when it is done. */
  linkUp(link: { fresh: boolean; clean: boolean; resumed: boolean; restoring: boolean }): void {
    this.#up = true;
    const wanted = this.#reconciler.wants.items().filter(({ want }) => want !== null);
    if (link.restoring) this.#restoring.begin(sorted(wanted));
    this.#reconciler.linkUp(link);
    this.#messages.look();
    this.#topicMessages.look();
  }

  linkDown(): void {
    if (!this.#up) return;
    this.#down();
    this.#reconciler.linkDown();
  }

  /** The login is over, and another may follow. */
  loginGone(): void {
    this.#down();
    this.#reconciler.loginGone();
  }

  /** The SDK has logged out. */
  loggedOut(): void {
    this.#reconciler.loggedOut();
  }

  /** The session stopped trying; what was met before is wanted still. */
  giveUp(error: SessionError): void {
    this.loginGone();
    this.#end(error);
    this.#reconciler.wants.giveUp(error);
    this.#changedAll();
  }

  /** The user logged out: nothing is wanted any more. */
  clear(error: SessionError): void {
    this.loginGone();
    this.#end(error);
    this.#reconciler.wants.clear(error);
    this.#changedAll();
  }

  onStreamLink(event: LinkStateEvent): void {
    this.#reconciler.onStreamLink(event);
  }

  onTopic(event: RTMEvents.TopicEvent): void {
    this.#reconciler.onTopic(event);
  }

  /** A stream channel's token is here, or there will be none. */
  onToken(channelName: string, failure: TokenFailure | null): void {
    this.#reconciler.onToken(channelName, failure);
  }

  get #channels(): WantedItem[] {
    return this.#reconciler.wants.items().filter(({ kind }) => kind === CHANNEL);
  }

  #down(): void {
    this.#up = false;
    this.#restoring.cancel();
    this.#messages.linkDown();
    this.#topicMessages.linkDown();
  }

  #end(error: SessionError): void {
    this.#active = false;
    this.#messages.clear(error);
    this.#topicMessages.clear(error);
  }

  #changedAll(): void {
    this.#changed([...this.#reconciler.wants.queues]);
  }

  /** Everything is recorded: now it is told. */
  #changed(queues: readonly ChannelQueue[]): void {
    for (const queue of queues) {
      for (const item of [...queue.dropped, ...queue.items.values()]) {
        if (item.want) continue;
        this.#restoring.forget(item);
        this.#endHandle(item, { status: 'left' });
      }
      for (const topic of queue.topics) this.#topicMessages.look(topicKey(topic.channelName, topic.topic));
    }
    for (const queue of queues) this.#told.look(queue);
    this.#options.tokens.look();
  }

  #handle(channelName: string): StreamChannel {
    const item = this.#reconciler.wants.find(CHANNEL, channelName);
    if (!item) throw new SessionError('ABORTED', `The stream channel "${channelName}" is no longer wanted.`);
    const handle = this.#handles.get(item) ?? new StreamChannel(channelName, this.#actions(item));
    this.#handles.set(item, handle);
    return handle;
  }

  #endHandle(item: WantedItem, state: ChannelState): void {
    this.#handles.get(item)?.end(state);
    this.#handles.delete(item);
  }

  #actions(channel: WantedItem): ChannelActions {
    const { channelName } = channel;
    const { wants } = this.#reconciler;
    return {
      state: () => this.#told.stateOf(channel),
      channel: () => this.#options.client().createStreamChannel(channelName),
      leave: () => wants.unwant(CHANNEL, channelName),
      joinTopic: async (topic, options) => {
        this.#assertActive();
        await wants.want(TOPIC, channelName, topic, itemOptions(TOPIC, options));
        return wants.find(TOPIC, channelName, topic)?.answer ?? null;
      },
      leaveTopic: (topic) => wants.unwant(TOPIC, channelName, topic),
      subscribeTopic: async (topic, users) => {
        this.#assertActive();
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
    this.#assertActive();
    const send = (): Promise<unknown> =>
      this.#options.client().createStreamChannel(channelName).publishTopicMessage(topic, message, sdkOptions);
    return this.#topicMessages.publish(topicKey(channelName, topic), byteLength(message), send, queue);
  }

  #assertActive(): void {
    if (!this.#active) throw new SessionError('NOT_LOGGED_IN', 'The session is not logged in; call `login()` first.');
  }

  /** A topic that was wanted must be joined; one that the app joined by itself is the SDK's to judge. */
  #canPublishIn(key: string): boolean {
    const { channelName, topic } = fromTopicKey(key);
    const channel = this.#reconciler.wants.find(CHANNEL, channelName);
    if (!this.#up || !channel || !isUsable(this.#reconciler.wants.queueOf(channel))) return false;
    const joined = this.#reconciler.wants.find(TOPIC, channelName, topic);
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

/** Subscriptions first, then each channel with its topics. */
function sorted(items: readonly WantedItem[]): WantedItem[] {
  return [...items.filter(({ kind }) => kind === SUBSCRIPTION), ...items.filter(({ kind }) => kind !== SUBSCRIPTION)];
}

/** Neither channels nor topics hold a line break. */
function topicKey(channelName: string, topic: string): string {
  return `${channelName}\n${topic}`;
}

function fromTopicKey(key: string): { channelName: string; topic: string } {
  const [channelName = '', topic = ''] = key.split('\n');
  return { channelName, topic };
}

function byteLength(message: string | Uint8Array): number {
  return typeof message === 'string' ? new TextEncoder().encode(message).length : message.byteLength;
}
