import type { Report } from '../state/inspection-event.js';
import type { ChannelState, SubscriptionSnapshot } from '../state/session-state.js';
import type { ChannelQueue } from './channel-queue.js';
import { CHANNEL, SUBSCRIPTION } from './item-kinds.js';
import type { WantedItem } from './wanted-item.js';

/** What the app was last told of each channel and subscription; each change is reported once, and costs nothing to the others. */
export class Told {
  readonly #report: Report;
  readonly #channels = new Map<WantedItem, { readonly channelName: string; readonly state: ChannelState }>();
  readonly #subscriptions = new Map<WantedItem, SubscriptionSnapshot>();
  #channelList: readonly { readonly channelName: string; readonly state: ChannelState }[] | null = null;
  #subscriptionList: readonly SubscriptionSnapshot[] | null = null;

  constructor(report: Report) {
    this.#report = report;
  }

  /** Every wanted stream channel, frozen; the same list until one changes. */
  get channels(): readonly { readonly channelName: string; readonly state: ChannelState }[] {
    this.#channelList ??= Object.freeze([...this.#channels.values()]);
    return this.#channelList;
  }

  /** Every wanted subscription, frozen; the same list until one changes. */
  get subscriptions(): readonly SubscriptionSnapshot[] {
    this.#subscriptionList ??= Object.freeze([...this.#subscriptions.values()]);
    return this.#subscriptionList;
  }

  stateOf(channel: WantedItem): ChannelState {
    return this.#channels.get(channel)?.state ?? { status: 'left' };
  }

  /** Compares what is known of a channel with what was told. */
  look(queue: ChannelQueue): void {
    const items = [...queue.dropped, ...queue.items.values()];
    queue.dropped.clear();
    for (const item of items) {
      if (item.kind === CHANNEL) this.#lookAtChannel(item, queue);
      else if (item.kind === SUBSCRIPTION) this.#lookAtSubscription(item);
    }
  }

  #lookAtChannel(item: WantedItem, queue: ChannelQueue): void {
    const { channelName } = item;
    const state = channelState(item, queue);
    const told = this.#channels.get(item);
    if (told ? isSameChannelState(told.state, state) : state.status === 'left') return;
    if (state.status === 'left') this.#channels.delete(item);
    else this.#channels.set(item, Object.freeze({ channelName, state: Object.freeze(state) }));
    this.#channelList = null;
    this.#report({ type: 'channel', channelName, state });
  }

  #lookAtSubscription(item: WantedItem): void {
    const { channelName } = item;
    const told = this.#subscriptions.get(item);
    const now = item.want ? subscription(item) : null;
    if (told ? now && isSameSubscription(told, now) : !now) return;
    if (now) this.#subscriptions.set(item, Object.freeze(now));
    else this.#subscriptions.delete(item);
    this.#subscriptionList = null;
    this.#report({ type: 'subscription', subscription: now ?? { channelName, state: 'unsubscribed' } });
  }
}

function channelState(item: WantedItem, queue: ChannelQueue): ChannelState {
  if (!item.want) return { status: 'left' };
  if (item.failed) return { status: 'failed', error: item.failed };
  if (item.isMet && !queue.isConnecting) return { status: 'joined' };
  return { status: item.everMet ? 'rejoining' : 'joining' };
}

function subscription(item: WantedItem): SubscriptionSnapshot {
  const { channelName, failed, trouble, pause } = item;
  if (failed) return { channelName, state: 'failed', error: failed };
  if (item.isMet) return { channelName, state: 'subscribed' };
  return {
    channelName,
    state: 'subscribing',
    ...(trouble ? { error: trouble } : {}),
    ...(pause ? { retriesAt: pause.retriesAt } : {}),
  };
}

function isSameChannelState(a: ChannelState, b: ChannelState): boolean {
  return a.status === b.status && (a.status !== 'failed' || b.status !== 'failed' || a.error === b.error);
}

function isSameSubscription(a: SubscriptionSnapshot, b: SubscriptionSnapshot): boolean {
  return a.state === b.state && a.error === b.error && a.retriesAt === b.retriesAt;
}
