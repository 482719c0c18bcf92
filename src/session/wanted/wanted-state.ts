import type { JoinOptions, RTMEvents, SubscribeOptions } from 'agora-rtm-sdk';
import type { TokenFailure } from '../../token/token-failure.js';
import type { RequestCause } from '../../token/token-lease.js';
import type { LinkStateEvent } from '../sdk/signaling-client.js';
import { SessionError } from '../state/session-error.js';
import type { ChannelState, SubscriptionSnapshot } from '../state/session-state.js';
import { CallOutcomes } from './call-outcomes.js';
import { ChannelEvents } from './channel-events.js';
import { type ChannelQueue, doubtAll, startAnew } from './channel-queue.js';
import { CHANNEL, itemOptions, SUBSCRIPTION } from './item-kinds.js';
import { Messages } from './messages.js';
import { isUsable } from './next-step.js';
import { Reconciler } from './reconciler.js';
import { Restoring } from './restoring.js';
import { StreamChannel, type StreamChannelHandle, topicKey } from './stream-channel.js';
import type { Surroundings } from './surroundings.js';
import { LEFT, Told } from './told.js';
import { UNKNOWN, type WantedItem } from './wanted-item.js';
import { unwanted, Wants } from './wants.js';

/** A subscription that was answered so shortly before the link was lost may not have arrived. */
const FRESH_ANSWER_MS = 1_000;

/** How the login's link came to stand. `first`: since this login; else `resumed` says whether the SDK kept subscriptions and channels. */
interface LinkStands {
  readonly first: boolean;
  /** For the first: after a logout that was answered, so that the SDK has nothing. */
  readonly clean: boolean;
  readonly resumed: boolean;
}

/** What the app wants to be subscribed to and joined in, and its messages. It outlives logins, also failed ones, and ends with a logout. */
export class WantedState {
  readonly messages: Messages;
  readonly #room: Surroundings;
  readonly #wants: Wants;
  readonly #reconciler: Reconciler;
  readonly #outcomes: CallOutcomes;
  readonly #events: ChannelEvents;
  readonly #restoring: Restoring;
  readonly #told: Told;
  #active = false;
  #mayOwe = false;

  constructor(room: Surroundings) {
    const look = (queue: ChannelQueue): void => this.#reconciler.look(queue);
    const restoring = new Restoring(room.clock, (results) => room.onRestored(results));
    const wants = new Wants({ tokens: room.tokens, restoring, look });
    const outcomes = new CallOutcomes(room, wants);
    this.#room = room;
    this.#restoring = restoring;
    this.#wants = wants;
    this.#outcomes = outcomes;
    this.#told = new Told(room.report);
    this.#events = new ChannelEvents({ ...room, wants, outcomes, look });
    this.#reconciler = new Reconciler({
      ...room,
      wants,
      outcomes,
      restoring,
      onChanged: (queues) => this.#changed(queues),
    });
    this.messages = new Messages({ ...room, isUp: () => wants.isUp });
  }

  /** The stream channels that need tokens. */
  get channelNames(): string[] {
    return this.#wants.channelNames;
  }

  get channelSnapshots(): readonly { readonly channelName: string; readonly state: ChannelState }[] {
    return this.#told.channels;
  }

  get subscriptionSnapshots(): readonly SubscriptionSnapshot[] {
    return this.#told.subscriptions;
  }

  /** Whether a link has stood since the SDK last had nothing. */
  get mayOwe(): boolean {
    return this.#mayOwe;
  }

  async subscribe(channelName: string, options: SubscribeOptions | undefined, signal?: AbortSignal): Promise<void> {
    const item = this.#wants.queue(channelName, false).item(SUBSCRIPTION);
    await this.#wants.want(item, itemOptions(SUBSCRIPTION, options), signal);
  }

  unsubscribe(channelName: string): Promise<void> {
    return this.#wants.unwant(this.#wants.find(SUBSCRIPTION, channelName));
  }

  /**
   * Wants a stream channel; one that is known already is given again. One that was given up is tried anew, and has another handle once it
   * is joined; until then the old one serves to leave it.
   */
  async join(
    channelName: string,
    options: Omit<JoinOptions, 'token'> | undefined,
    signal?: AbortSignal,
  ): Promise<StreamChannelHandle> {
    const item = this.#wants.queue(channelName, true).item(CHANNEL);
    const [old, failure] = item.failed ? [item.handle, this.#told.stateOf(item)] : [];
    this.#room.tokens.of(channelName).pardon();
    await this.#wants.want(item, itemOptions(CHANNEL, options), signal);
    if (!item.want) throw unwanted(item);
    if (failure && item.handle === old) endHandle(item, failure);
    item.handle ??= this.#newHandle(item);
    return item.handle;
  }

  /** The app's word: channels and subscriptions that were given up are tried again. */
  retryFailed(): void {
    for (const item of this.#wants.items) if (item.failed) this.#wants.retry(item);
  }

  /** Starts to fetch the channels' tokens, so that they come with the request that leaves now. */
  prepareTokens(cause: RequestCause): void {
    for (const channelName of this.channelNames) this.#room.tokens.of(channelName).take(cause);
  }

  /** Whether the SDK can be given a renewed token for this channel. */
  isJoined(channelName: string): boolean {
    const queue = this.#wants.streams.get(channelName);
    return queue !== undefined && isUsable(queue);
  }

  /** A call for a stream channel leaves; returns what is to be called when the SDK says that it is not joined, whatever was thought. */
  calling(channelName: string): (code: number) => void {
    return this.#calling(this.#wants.find(CHANNEL, channelName));
  }

  /** A login is under way, and what the app wants will be so. */
  begin(): void {
    this.#active = true;
  }

  /** The link stands. */
  linkUp({ first, clean, resumed }: LinkStands): void {
    const wants = this.#wants;
    const restores = first || !resumed;
    wants.isUp = true;
    this.#mayOwe = true;
    this.#room.link.trust();
    const wanted = wants.items.filter(({ want }) => want);
    if (restores) this.#restoring.begin(wanted);
    for (const queue of wants.queues) {
      this.#outcomes.waitAnew(queue);
      if (first) startAnew(queue, clean);
      else if (!resumed) doubtAll(queue);
    }
    if (restores) wants.changeTargets();
    this.#lookAtAll();
    this.messages.linkUp();
    if (!restores) this.#restoring.resume(wanted);
  }

  linkDown(): void {
    if (this.#wants.isUp) this.#down(false);
  }

  /** The SDK has given the login up, or is made to: nothing is known any more until the next login. */
  loginGone(): void {
    this.#reconciler.cancelJoins();
    this.#down(true);
  }

  /** The SDK has logged out: it has nothing, and no call from before means anything. */
  loggedOut(): void {
    this.#mayOwe = false;
    for (const queue of this.#wants.queues) {
      queue.flight = null;
      queue.late.clear();
      startAnew(queue, true);
      for (const item of queue.items) {
        item.lateCalls = 0;
        if (!item.want) this.#reconciler.forget(item);
      }
    }
  }

  /** The session stopped trying; what was met before is wanted still. */
  giveUp(error: SessionError): void {
    this.#end(error);
    this.#wants.giveUp(error);
    this.#changed(this.#wants.queues);
  }

  /** The user logged out: nothing is wanted any more. */
  clear(error: SessionError): void {
    // First, or what is left would be told as lost.
    this.#wants.clear(error);
    this.#end(error);
    this.#changed(this.#wants.queues);
  }

  onStreamLink(event: LinkStateEvent): void {
    this.#events.onLink(event);
  }

  onTopic(event: RTMEvents.TopicEvent): void {
    this.#events.onTopic(event);
  }

  /** A stream channel's token is here, or there will be none. */
  onToken(channelName: string, failure: TokenFailure | null): void {
    this.#reconciler.onToken(channelName, failure);
  }

  /** An answer says nothing of what was made anew, or is being undone, since its call left. */
  #calling(item: WantedItem | null): (code: number) => void {
    const known = item?.known;
    return (code) => {
      if (!item || item.known !== known || item.queue.flight?.item === item) return;
      this.#outcomes.notThere(item, code);
      this.#reconciler.look(item.queue);
    };
  }

  /** Nothing that was under way will be answered for certain. */
  #down(gone: boolean): void {
    this.#wants.isUp = false;
    this.#restoring.cancel();
    this.messages.linkDown();
    const freshMs = this.#room.clock.monotonic() - FRESH_ANSWER_MS;
    for (const { flight, items } of this.#wants.queues) {
      if (flight) this.#outcomes.makeLate(flight);
      for (const item of items)
        if (gone || (item.kind === SUBSCRIPTION && item.answeredMs > freshMs)) item.known = UNKNOWN;
    }
    this.#lookAtAll();
  }

  #end(error: SessionError): void {
    this.messages.clear(error);
    this.loginGone();
    this.#active = false;
  }

  #lookAtAll(): void {
    this.#reconciler.look(...this.#wants.queues);
  }

  /** Everything is recorded: now it is told. */
  #changed(queues: Iterable<ChannelQueue>): void {
    for (const queue of queues) {
      for (const item of [...queue.dropped, ...queue.items]) {
        if (item.kind.inChannel) this.messages.inTopics.look(topicKey(queue.channelName, item.topic));
        if (item.want) continue;
        this.#restoring.forget(item);
        endHandle(item, LEFT);
      }
    }
    for (const queue of queues) {
      this.#told.look(queue);
      if (queue.isStream && isUsable(queue)) this.#room.tokens.look();
    }
  }

  #newHandle(item: WantedItem): StreamChannel {
    return new StreamChannel(item, {
      client: this.#room.client,
      wants: this.#wants,
      messages: this.messages.inTopics,
      told: this.#told,
      calling: (item) => this.#calling(item),
      assertActive: () => {
        if (this.#active) return;
        throw new SessionError('NOT_LOGGED_IN', 'The session is not logged in; call `login()` first.');
      },
    });
  }
}

function endHandle(item: WantedItem, state: ChannelState): void {
  item.handle?.end(state);
  item.handle = null;
}
