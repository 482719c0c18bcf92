import type { ChannelQueue } from './channel-queue.js';
import { hearing, usersOf } from './item-kinds.js';
import type { ItemOptions, WantedItem } from './wanted-item.js';

/** What has to be done about one item. */
export type NextStep =
  | { readonly do: 'nothing' }
  /** It is as wanted: whoever waits is told. */
  | { readonly do: 'meet' }
  /** It is not wanted and not there: whoever waits is told, and it is forgotten. */
  | { readonly do: 'forget' }
  /** It cannot be undone now, and is when its channel is there again: whoever waits is told. */
  | { readonly do: 'owe' }
  | { readonly do: 'set'; readonly options: ItemOptions }
  /** `options` null: all of it. */
  | { readonly do: 'unset'; readonly options: ItemOptions | null };

const NOTHING: NextStep = { do: 'nothing' };
const MEET: NextStep = { do: 'meet' };
const UNSET: NextStep = { do: 'unset', options: null };

/**
 * Compares what is wanted of an item with what is known of it. The link is CONNECTED, nothing of the item's channel is in flight, and
 * the item is not paused; a paused one is only looked at for what needs no call.
 */
export function nextStep(item: WantedItem, queue: ChannelQueue): NextStep {
  if (!item.want) return undo(item, queue);
  if (item.failed) return NOTHING;
  if (item.known.is === 'present') return change(item, item.want.options, item.known.options, queue);
  if (!mayCall(item, queue)) return NOTHING;
  if (item.known.is === 'unknown' && (item.undoFirst || mayBeOtherwise(item, item.want.options))) return UNSET;
  return { do: 'set', options: firstPart(item, item.want.options) };
}

/** It is no longer wanted. */
function undo(item: WantedItem, queue: ChannelQueue): NextStep {
  const { channel } = queue;
  const gone = item.kind.inChannel && (!channel || channel.known.is === 'absent');
  if (item.known.is === 'absent' || gone) return { do: 'forget' };
  if (!item.kind.inChannel) return UNSET;
  // Its channel is left anyway, and takes the topic with it.
  if (channel && !channel.want) return { do: 'owe' };
  return isUsable(queue) ? UNSET : { do: 'owe' };
}

/** It is wanted and there: with these options, or with others. */
function change(item: WantedItem, wanted: ItemOptions, present: ItemOptions | null, queue: ChannelQueue): NextStep {
  if (item.kind.change === 'difference') return difference(item, wanted, present, queue);
  if (present === null) return item.kind.change === 'again' ? { do: 'set', options: wanted } : MEET;
  if (present.key === wanted.key) return MEET;
  if (!mayCall(item, queue)) return NOTHING;
  return item.kind.change === 'again' ? { do: 'set', options: wanted } : UNSET;
}

/** Users of a topic: those who are no longer wanted go first, then those who are not heard yet, but for those who cannot be. */
function difference(item: WantedItem, wanted: ItemOptions, present: ItemOptions | null, queue: ChannelQueue): NextStep {
  const [want, have] = [usersOf(wanted), usersOf(present ?? wanted)];
  const removed = have.filter((user) => !want.includes(user));
  const added = want.filter((user) => !have.includes(user) && !item.missed.has(user));
  if (removed.length === 0 && added.length === 0) return MEET;
  if (!mayCall(item, queue)) return NOTHING;
  // Whomever the SDK has chosen can only be given up together with all others.
  if (removed.includes('')) return UNSET;
  if (removed.length > 0) return { do: 'unset', options: hearing(removed) };
  return { do: 'set', options: firstPart(item, hearing(added)) };
}

/** The SDK takes either users by name or whomever it chooses in one call. */
function firstPart(item: WantedItem, options: ItemOptions): ItemOptions {
  if (item.kind.change !== 'difference') return options;
  const users = usersOf(options);
  return users.length > 1 && users.includes('') ? hearing(['']) : options;
}

/** Whether a call that may have arrived could have left it with more than what is wanted now. */
function mayBeOtherwise(item: WantedItem, wanted: ItemOptions): boolean {
  if (!item.kind.inChannel) return false;
  return item.may.some((options) =>
    item.kind.change === 'difference'
      ? usersOf(options).some((user) => !usersOf(wanted).includes(user))
      : options.key !== wanted.key,
  );
}

function mayCall(item: WantedItem, queue: ChannelQueue): boolean {
  return !item.kind.inChannel || isUsable(queue);
}

/** Whether topics of this channel can be called: it is wanted, joined, and its link stands. */
export function isUsable(queue: ChannelQueue): boolean {
  const { channel } = queue;
  return channel !== null && channel.want !== null && channel.known.is === 'present' && !queue.isConnecting;
}
