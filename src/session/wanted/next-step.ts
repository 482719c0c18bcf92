import type { ChannelQueue } from './channel-queue.js';
import { ANYBODY, hearing, usersOf } from './item-kinds.js';
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
const OWE: NextStep = { do: 'owe' };
const UNSET: NextStep = { do: 'unset', options: null };

/**
 * Compares what is wanted of an item with what is known of it. The link is CONNECTED, nothing of the item's channel is in flight, and
 * the item is not paused; a paused one is only looked at for what needs no call.
 */
export function nextStep(item: WantedItem): NextStep {
  const { want, known } = item;
  if (!want) return undo(item);
  if (item.failed) return NOTHING;
  if (known.is === 'present') return change(item, want.options, known.options);
  if (!mayCall(item)) return NOTHING;
  if (known.is === 'unknown' && (item.undoFirst || mayBeOtherwise(item, want.options))) return UNSET;
  return { do: 'set', options: firstPart(item, want.options) };
}

/** It is no longer wanted. */
function undo(item: WantedItem): NextStep {
  const { head } = item.queue;
  const gone = item.kind.inChannel && (!head || head.known.is === 'absent');
  if (item.known.is === 'absent' || gone) return { do: 'forget' };
  // A channel that is left takes its topics with it.
  return mayCall(item) ? UNSET : OWE;
}

/** It is wanted and there: with these options, or with others. */
function change(item: WantedItem, wanted: ItemOptions, present: ItemOptions | null): NextStep {
  const { change: how } = item.kind;
  const again: NextStep = { do: 'set', options: wanted };
  if (how === 'difference') return difference(item, wanted, present ?? wanted);
  if (present === null) return how === 'again' ? again : MEET;
  if (present.key === wanted.key) return MEET;
  if (!mayCall(item)) return NOTHING;
  return how === 'again' ? again : UNSET;
}

/** Users of a topic: those who are no longer wanted go first, then those who are not heard yet, but for those who cannot be. */
function difference(item: WantedItem, wanted: ItemOptions, present: ItemOptions): NextStep {
  const [want, have] = [usersOf(wanted), usersOf(present)];
  const removed = have.filter((user) => !want.includes(user));
  const added = want.filter((user) => !have.includes(user) && !item.missed.has(user));
  if (removed.length === 0 && added.length === 0) return MEET;
  if (!mayCall(item)) return NOTHING;
  // Whomever the SDK has chosen can only be given up together with all others.
  if (removed.includes(ANYBODY)) return UNSET;
  if (removed.length > 0) return { do: 'unset', options: hearing(removed) };
  return { do: 'set', options: firstPart(item, hearing(added)) };
}

/** The SDK takes either users by name or whomever it chooses in one call. */
function firstPart({ kind }: WantedItem, options: ItemOptions): ItemOptions {
  return kind.change === 'difference' && usersOf(options).includes(ANYBODY) ? hearing([ANYBODY]) : options;
}

/** Whether a call that may have arrived could have left it otherwise than wanted now, in a way that another call does not change. */
function mayBeOtherwise({ kind, may }: WantedItem, wanted: ItemOptions): boolean {
  if (kind.change === 'again') return false;
  return may.some((options) =>
    kind.change === 'difference'
      ? usersOf(options).some((user) => !usersOf(wanted).includes(user))
      : options.key !== wanted.key,
  );
}

function mayCall({ kind, queue }: WantedItem): boolean {
  return !kind.inChannel || isUsable(queue);
}

/** Whether topics of this channel can be called: it is wanted, joined, and its link stands. */
export function isUsable({ head, isConnecting }: ChannelQueue): boolean {
  return head !== null && head.want !== null && head.known.is === 'present' && !isConnecting;
}
