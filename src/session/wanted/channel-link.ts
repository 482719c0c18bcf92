import { reasonClass } from '../sdk/reasons.js';
import type { LinkStateEvent } from '../sdk/signaling-client.js';
import type { ReasonClass } from '../state/reason-class.js';
import type { ChannelQueue, Flight } from './channel-queue.js';
import { CHANNEL } from './item-kinds.js';

/** What a stream channel's link state means for what is known of the channel and its topics. */
export type LinkNews =
  /** Nothing that was not known. */
  | { readonly is: 'nothing' }
  /** The link stands. */
  | { readonly is: 'standing' }
  /** Our join is at work, and its answer decides. */
  | { readonly is: 'joining' }
  /** The SDK brings the link back by itself, or somebody else joins: nothing is known until its next event, or until this much later. */
  | { readonly is: 'connecting'; readonly patienceMs: number }
  /** The SDK has given the channel up. `whileJoining`: our join is in flight, and its answer follows. */
  | { readonly is: 'failed'; readonly reason: ReasonClass; readonly whileJoining: boolean }
  /** The end of a leave of ours. */
  | { readonly is: 'left-by-us' }
  /** The app has left the channel with a call of its own. */
  | { readonly is: 'left-by-app' }
  /** The SDK has given the channel up without failing: after 20 minutes (F 2.12), or with the login. */
  | { readonly is: 'dropped' };

/** The SDK leaves a channel by itself when its link was not brought back for 20 minutes (F 2.12); a little longer is waited. */
const RECONNECTING_MS = 21 * 60_000;
/** A join that is not ours is waited for as long as one of ours may take. */
const FOREIGN_JOIN_MS = 20_000;

/** Reads an event of a stream channel's link, whose state before is still in the queue. */
export function linkNews(queue: ChannelQueue, event: LinkStateEvent, nowMs: number): LinkNews {
  const from = queue.link;
  const to = event.currentState;
  if (from === to) return { is: 'nothing' };
  const joining = ourJoin(queue) !== null;
  switch (to) {
    case 'CONNECTED':
      return { is: 'standing' };
    case 'CONNECTING':
      if (from === 'CONNECTED') return { is: 'connecting', patienceMs: RECONNECTING_MS };
      return joining ? { is: 'joining' } : { is: 'connecting', patienceMs: FOREIGN_JOIN_MS };
    case 'FAILED':
      return { is: 'failed', reason: reasonClass(event), whileJoining: joining };
    case 'IDLE':
      if (isLeaving(queue, nowMs)) return { is: 'left-by-us' };
      return from === 'CONNECTED' && event.operation !== 'LOGOUT' ? { is: 'left-by-app' } : { is: 'dropped' };
    default:
      return { is: 'nothing' };
  }
}

/** The join of ours that is in flight, or null. */
export function ourJoin({ flight }: ChannelQueue): Flight | null {
  return flight?.op === 'set' && flight.item.kind === CHANNEL ? flight : null;
}

/** Whether an IDLE may be the end of a leave of ours: one is open, or was answered up to 5 s ago. */
function isLeaving({ leaves, late }: ChannelQueue, nowMs: number): boolean {
  const open = [...late].some(({ op, item }) => op === 'unset' && item.kind === CHANNEL);
  return open || leaves.some(({ untilMs }) => nowMs < untilMs);
}
