import type { Grant } from '../../token/token-lease.js';
import type { LaneRank, LeaveLane } from '../sdk/lane.js';
import type { LinkState } from '../sdk/signaling-client.js';
import type { ReasonClass } from '../state/reason-class.js';
import { CHANNEL } from './item-kinds.js';
import { type ItemOptions, type Known, UNKNOWN, type WantedItem } from './wanted-item.js';

/** A call of the SDK that has not been answered. */
export interface Flight {
  readonly item: WantedItem;
  readonly op: 'set' | 'unset';
  /** For `set` what is set, for `unset` what is undone; null for all. */
  readonly options: ItemOptions | null;
  /** What was known of the item when the call was made. */
  readonly from: Known;
  readonly startedMs: number;
  /** The token that a join was given. */
  readonly grant: Grant | null;
  /** Something happened meanwhile that makes its answer worth little. */
  tainted: boolean;
  /** Users whom an event has named since the call left. */
  readonly named: Set<string>;
  /** What the SDK said of the channel while it was being joined; the rejection itself often only says that it failed. */
  reported: ReasonClass | null;
  /** For one that got no answer in time: when it is no longer waited for. */
  lateUntilMs: number;
  /** For the leave of a stream channel. */
  leave: Leave | null;
}

/** A leave that was called, and until when its IDLE may come. */
export interface Leave {
  untilMs: number;
}

/** Everything of one channel: its items, its one call in flight, and what is known of a stream channel's link. */
export class ChannelQueue {
  readonly channelName: string;
  readonly isStream: boolean;
  readonly items: Map<string, WantedItem> = new Map();
  flight: Flight | null = null;
  /** Calls that got no answer in time. */
  readonly late: Set<Flight> = new Set();
  /** The queue's place in the lane. */
  place: { readonly rank: LaneRank; leave: LeaveLane } | null = null;
  /** The state of a stream channel's link as the SDK last told it. */
  link: LinkState = 'IDLE';
  /** The link is CONNECTING: nothing but a leave is called until its next event, and until this time at the latest. */
  connectingUntilMs: number | null = null;
  /** Leaves of ours whose IDLE may come yet. */
  leaves: Leave[] = [];
  timer: unknown = null;
  /** Items that are no more, until whoever tells of them has looked. */
  readonly dropped: Set<WantedItem> = new Set();

  constructor(channelName: string, isStream: boolean) {
    this.channelName = channelName;
    this.isStream = isStream;
  }

  /** The stream channel itself; null for a message channel, and for a stream channel that nobody wanted. */
  get channel(): WantedItem | null {
    for (const item of this.items.values()) if (item.kind === CHANNEL) return item;
    return null;
  }

  /** The channel ahead of its topics, these in the order in which they were first wanted. */
  get ordered(): WantedItem[] {
    return [...this.items.values()].sort((a, b) => Number(a.kind.inChannel) - Number(b.kind.inChannel));
  }

  get topics(): WantedItem[] {
    return [...this.items.values()].filter(({ kind }) => kind.inChannel);
  }

  get isConnecting(): boolean {
    return this.connectingUntilMs !== null;
  }
}

/** A leave waits this long for the call in flight, milliseconds. */
const LEAVE_WAITS_MS = 2_000;

/** When a call is no longer waited for. */
export function deadlineOf({ startedMs, item }: Flight): number {
  return startedMs + item.kind.timeoutMs;
}

/** When a leave goes ahead of the call in flight; infinite where none is due. */
export function leaveAtMs({ flight, channel }: ChannelQueue): number {
  const isDue = flight && channel && flight.item !== channel && !channel.want && channel.known.is !== 'absent';
  return isDue ? flight.startedMs + LEAVE_WAITS_MS : Number.POSITIVE_INFINITY;
}

/** Whether this call leaves a stream channel. */
export function isLeave({ op, item }: Flight): boolean {
  return op === 'unset' && item.kind === CHANNEL;
}

/** A new login: all that is known is that the SDK has nothing, or not even that. What was given up is tried again. */
export function startAnew(queue: ChannelQueue, known: Known): void {
  const clean = known.is === 'absent';
  queue.connectingUntilMs = null;
  if (clean) queue.link = 'IDLE';
  for (const item of queue.items.values()) {
    Object.assign(item, { known, pause: null, failed: null });
    item.missed.clear();
    if (clean) Object.assign(item, { may: [], undoFirst: false });
  }
}

/** A link that was brought back without what it had. */
export function doubtAll(queue: ChannelQueue): void {
  if (queue.isConnecting && queue.channel) queue.channel.undoFirst = true;
  queue.connectingUntilMs = null;
  for (const item of queue.items.values()) {
    Object.assign(item, { known: UNKNOWN, failed: null });
    item.missed.clear();
  }
}

/** A call that leaves now. */
export function newFlight(
  item: WantedItem,
  { op, options, grant, startedMs }: Pick<Flight, 'op' | 'options' | 'grant' | 'startedMs'>,
): Flight {
  return {
    item,
    op,
    options,
    from: item.known,
    startedMs,
    grant,
    tainted: false,
    named: new Set(),
    reported: null,
    lateUntilMs: 0,
    leave: null,
  };
}

/** When a channel is to be looked at again though nothing happens: at the end of whatever is waited for first. */
export function nextLookMs(queue: ChannelQueue, nowMs: number): number {
  const { flight, late, connectingUntilMs, items } = queue;
  const ends = [...late].map(({ lateUntilMs }) => lateUntilMs);
  for (const { pause } of items.values()) if (pause && pause.untilMs > nowMs) ends.push(pause.untilMs);
  if (flight) ends.push(deadlineOf(flight));
  if (connectingUntilMs !== null) ends.push(connectingUntilMs);
  return Math.min(leaveAtMs(queue), ...ends);
}

/** How long the IDLE of a leave may take, milliseconds: of one that is not answered, and once it is. */
const LEAVE_EVENT_MS = 60_000;
const LEAVE_ANSWERED_MS = 5_000;

/** A leave of ours is called, whatever for: its IDLE is not the app's doing. */
export function rememberLeave(queue: ChannelQueue, nowMs: number): Leave {
  const leave = { untilMs: nowMs + LEAVE_EVENT_MS };
  queue.leaves = [...queue.leaves.filter(({ untilMs }) => untilMs > nowMs), leave];
  return leave;
}

/** It is answered, and its IDLE follows soon. */
export function leaveAnswered(leave: Leave | null, nowMs: number): void {
  if (leave) leave.untilMs = nowMs + LEAVE_ANSWERED_MS;
}

/** Whether the SDK may be at a join of ours. */
export function hasOpenJoin({ flight, late }: ChannelQueue): boolean {
  return [flight, ...late].some((call) => call?.op === 'set' && call.item.kind === CHANNEL);
}
