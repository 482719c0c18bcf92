import type { DecisionSubject, Report } from '../state/inspection-event.js';
import type { ChannelState, SubscriptionSnapshot } from '../state/session-state.js';
import { isLegalMove, type Transitions } from '../state/transitions.js';
import type { ChannelQueue } from './channel-queue.js';
import { CHANNEL_TRANSITIONS, SUBSCRIPTION_TRANSITIONS } from './transitions.js';
import type { WantedItem } from './wanted-item.js';

interface ChannelSnapshot {
  readonly channelName: string;
  readonly state: ChannelState;
}

/** What the app was last told of each channel and subscription; each change is reported once, and costs nothing to the others. */
export class Told {
  readonly #report: Report;
  readonly #channels = new Lines<ChannelSnapshot>();
  readonly #subscriptions = new Lines<SubscriptionSnapshot>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** Every wanted stream channel, frozen; the same list until one changes. */
  get channels(): readonly ChannelSnapshot[] {
    return this.#channels.all;
  }

  /** Every wanted subscription, frozen; the same list until one changes. */
  get subscriptions(): readonly SubscriptionSnapshot[] {
    return this.#subscriptions.all;
  }

  stateOf(channel: WantedItem): ChannelState {
    return this.#channels.get(channel)?.state ?? LEFT;
  }

  /** Compares what is known of a channel with what was told. */
  look({ isStream, head, dropped }: ChannelQueue): void {
    for (const item of head ? [...dropped, head] : dropped) {
      if (item.kind.inChannel) continue;
      if (isStream) this.#lookAtChannel(item);
      else this.#lookAtSubscription(item);
    }
    dropped.clear();
  }

  #lookAtChannel(item: WantedItem): void {
    const { channelName } = item.queue;
    const told = this.stateOf(item);
    const state = channelState(item);
    if (isSame(told, state)) return;
    this.#check(CHANNEL_TRANSITIONS, item.subject, told.status, state.status);
    Object.freeze(state);
    this.#channels.set(item, item.want && Object.freeze({ channelName, state }));
    this.#report({ type: 'channel', channelName, state });
  }

  #lookAtSubscription(item: WantedItem): void {
    const unsubscribed = { channelName: item.queue.channelName, state: 'unsubscribed' } as const;
    const told = this.#subscriptions.get(item) ?? unsubscribed;
    const wanted = item.want && Object.freeze(subscription(item));
    const now = wanted ?? unsubscribed;
    if (isSame(told, now)) return;
    this.#check(SUBSCRIPTION_TRANSITIONS, item.subject, told.state, now.state);
    this.#subscriptions.set(item, wanted);
    this.#report({ type: 'subscription', subscription: now });
  }

  #check<Status extends string>(table: Transitions<Status>, about: DecisionSubject, from: Status, to: Status): void {
    if (!isLegalMove(table, from, to)) this.#report({ type: 'illegal', about, from, to });
  }
}

/** What is told of each item of one kind. */
class Lines<Line> {
  readonly #lines = new Map<WantedItem, Line>();
  #all: readonly Line[] | null = null;

  get all(): readonly Line[] {
    this.#all ??= Object.freeze([...this.#lines.values()]);
    return this.#all;
  }

  get(item: WantedItem): Line | undefined {
    return this.#lines.get(item);
  }

  /** @param line null when there is nothing to tell any more */
  set(item: WantedItem, line: Line | null): void {
    this.#all = null;
    if (line) this.#lines.set(item, line);
    else this.#lines.delete(item);
  }
}

/** Of a channel that is not wanted. */
export const LEFT: ChannelState = Object.freeze({ status: 'left' });

function channelState(item: WantedItem): ChannelState {
  const { want, hold, isMet, everMet, queue } = item;
  if (!want) return LEFT;
  if (hold?.is === 'failed' && hold.error) return { status: 'failed', error: hold.error };
  if (isMet && !queue.isConnecting) return { status: 'joined' };
  return { status: everMet ? 'rejoining' : 'joining' };
}

function subscription({ queue, hold, failed, isMet }: WantedItem): SubscriptionSnapshot {
  const { channelName } = queue;
  if (isMet && !failed) return { channelName, state: 'subscribed' };
  return {
    channelName,
    state: failed ? 'failed' : 'subscribing',
    ...(hold?.error ? { error: hold.error } : {}),
    ...(hold?.retriesAt ? { retriesAt: hold.retriesAt } : {}),
  };
}

function isSame<Said extends object>(a: Said, b: Said): boolean {
  const said = Object.entries({ ...a, ...b });
  return said.every(([key]) => a[key as keyof Said] === b[key as keyof Said]);
}
