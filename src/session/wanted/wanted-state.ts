import type { JoinOptions, PublishOptions, RTMEvents, SubscribeOptions } from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import type { RetryPolicy } from '../../token/retry-schedule.js';
import type { TokenFailure } from '../../token/token-failure.js';
import type { RequestCause } from '../../token/token-lease.js';
import { Lane } from '../sdk/lane.js';
import type { LinkStateEvent, SignalingClient } from '../sdk/signaling-client.js';
import type { Report } from '../state/inspection-event.js';
import { SessionError } from '../state/session-error.js';
import type { ChannelState, RestoreResult, SubscriptionSnapshot } from '../state/session-state.js';
import { ChannelHandles } from './channel-handles.js';
import type { ChannelQueue } from './channel-queue.js';
import type { ChannelTokens } from './channel-tokens.js';
import { CHANNEL, itemOptions, SUBSCRIPTION } from './item-kinds.js';
import { byteLength, PublishQueue } from './publish-queue.js';
import type { QueueOptions } from './queue-options.js';
import { Reconciler } from './reconciler.js';
import { Restoring } from './restoring.js';
import type { StreamChannelHandle } from './stream-channel.js';
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

/** Below the SDK's 60 a second (F 2.6), since the app may publish by itself. */
const PUBLISHES_PER_SECOND = 50;

/** What the app wants to be subscribed to and joined in, and its messages. It outlives logins, also failed ones, and ends with a logout. */
export class WantedState {
  readonly #options: WantedStateOptions;
  readonly #reconciler: Reconciler;
  readonly #restoring: Restoring;
  readonly #told: Told;
  readonly #handles: ChannelHandles;
  readonly #messages: PublishQueue;
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
    this.#handles = new ChannelHandles({
      clock,
      wants: this.#reconciler.wants,
      client: () => options.client(),
      stateOf: (channel) => this.#told.stateOf(channel),
      isUp: () => this.#up,
      assertActive: () => this.#assertActive(),
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

  /** Messages that wait, to channels and to topics; for a diagnosis. */
  get messagesWaiting(): { messages: number; topicMessages: number } {
    return { messages: this.#messages.waiting, topicMessages: this.#handles.messagesWaiting };
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
    if (known?.failed) this.#handles.end(known, { status: 'failed', error: known.failed });
    const joined = wants.want(CHANNEL, channelName, '', itemOptions(CHANNEL, options), signal);
    return joined.then(() => this.#handles.handle(channelName));
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
    this.#handles.look();
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
    this.#handles.linkDown();
  }

  #end(error: SessionError): void {
    this.#active = false;
    this.#messages.clear(error);
    this.#handles.clear(error);
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
        this.#handles.end(item, { status: 'left' });
      }
      for (const topic of queue.topics) this.#handles.look(topic);
    }
    for (const queue of queues) this.#told.look(queue);
    this.#options.tokens.look();
  }

  #assertActive(): void {
    if (!this.#active) throw new SessionError('NOT_LOGGED_IN', 'The session is not logged in; call `login()` first.');
  }
}

/** Subscriptions first, then each channel with its topics. */
function sorted(items: readonly WantedItem[]): WantedItem[] {
  return [...items.filter(({ kind }) => kind === SUBSCRIPTION), ...items.filter(({ kind }) => kind !== SUBSCRIPTION)];
}
