import type { Grant } from '../../token/token-lease.js';
import type { LinkState } from '../sdk/signaling-client.js';
import type { ReasonClass } from '../state/reason-class.js';
import { CHANNEL, type ItemKind } from './item-kinds.js';
import { LanePlace } from './lane-place.js';
import { ABSENT, type ItemOptions, type Known, UNKNOWN, WantedItem } from './wanted-item.js';

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
  /** For the leave of a stream channel. */
  readonly leave: Leave | null;
  /** Something happened meanwhile that makes its answer worth little. */
  tainted: boolean;
  /** Users whom an event has named since the call left. */
  readonly named: Set<string>;
  /** What the SDK said of the channel while it was being joined; the rejection itself often only says that it failed. */
  reported: ReasonClass | null;
  /** For one that got no answer in time: when it is no longer waited for. */
  lateUntilMs: number;
}

/** A leave that was called, and until when its IDLE may come. */
export interface Leave {
  untilMs: number;
}

/** Everything of one channel: its items, its one call in flight, and what is known of a stream channel's link. */
export class ChannelQueue {
  readonly channelName: string;
  readonly isStream: boolean;
  /** The subscription of a message channel, or the stream channel itself; null where nobody wanted it. */
  head: WantedItem | null = null;
  /** A stream channel's topics, by {@link topicKey}, in the order in which they were first wanted. */
  readonly topics: Map<string, WantedItem> = new Map();
  flight: Flight | null = null;
  /** Calls that got no answer in time. */
  readonly late: Set<Flight> = new Set();
  readonly place: LanePlace = new LanePlace();
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

  /** The channel ahead of its topics. */
  get items(): WantedItem[] {
    const topics = [...this.topics.values()];
    return this.head ? [this.head, ...topics] : topics;
  }

  get isConnecting(): boolean {
    return this.connectingUntilMs !== null;
  }

  /** Whether the SDK has, or is making, a stream channel's link. */
  get isOpen(): boolean {
    return this.link !== 'IDLE' && this.link !== 'FAILED';
  }

  find(kind: ItemKind, topic: string = ''): WantedItem | null {
    return kind.inChannel ? (this.topics.get(topicKey(kind, topic)) ?? null) : this.head;
  }

  /** The same; a new one where there is none. */
  item(kind: ItemKind, topic: string = ''): WantedItem {
    const item = this.find(kind, topic) ?? new WantedItem({ kind, queue: this, topic });
    if (kind.inChannel) this.topics.set(topicKey(kind, topic), item);
    else if (!this.head) {
      this.head = item;
      // The app may have joined it through the SDK.
      if (this.isOpen) item.known = UNKNOWN;
    }
    return item;
  }

  drop(item: WantedItem): void {
    this.dropped.add(item);
    if (item === this.head) this.head = null;
    else this.topics.delete(topicKey(item.kind, item.topic));
  }

  /** Whether nothing is left to know of it. */
  isIdle(nowMs: number): boolean {
    const called = this.flight !== null || this.late.size > 0 || this.leaves.some(({ untilMs }) => nowMs < untilMs);
    return !this.head && this.topics.size === 0 && !called && !this.isOpen;
  }
}

function topicKey({ name }: ItemKind, topic: string): string {
  return `${name} ${topic}`;
}

/** A leave waits this long for the call in flight, milliseconds. */
const LEAVE_WAITS_MS = 2_000;
/** How long the IDLE of a leave may take, milliseconds: of one that is not answered, and once it is. */
const LEAVE_EVENT_MS = 60_000;
const LEAVE_ANSWERED_MS = 5_000;

/** When a call is no longer waited for. */
export function deadlineOf({ startedMs, item }: Flight): number {
  return startedMs + item.kind.timeoutMs;
}

/** When a leave goes ahead of the call in flight; infinite where none is due. */
export function leaveAtMs({ flight, head }: ChannelQueue): number {
  const isDue = flight && head && flight.item !== head && !head.want && head.known.is !== 'absent';
  return isDue ? flight.startedMs + LEAVE_WAITS_MS : Number.POSITIVE_INFINITY;
}

/** A new login: all that is known is that the SDK has nothing, or not even that. What was given up is tried again. */
export function startAnew(queue: ChannelQueue, clean: boolean): void {
  queue.connectingUntilMs = null;
  if (clean) queue.link = 'IDLE';
  for (const item of queue.items) {
    Object.assign(item, { known: clean ? ABSENT : UNKNOWN, hold: null });
    item.missed.clear();
    if (clean) Object.assign(item, { may: [], undoFirst: false });
  }
}

/** A link that was brought back without what it had. */
export function doubtAll(queue: ChannelQueue): void {
  if (queue.isConnecting && queue.head) queue.head.undoFirst = true;
  queue.connectingUntilMs = null;
  for (const item of queue.items) {
    item.known = UNKNOWN;
    if (item.failed) item.hold = null;
    item.missed.clear();
  }
}

/** What is known of a channel holds for its topics too, and makes what is in flight worth little. */
export function setKnown({ items, flight }: ChannelQueue, known: Known): void {
  for (const item of items) {
    item.known = known;
    if (item.kind === CHANNEL) continue;
    item.missed.clear();
    if (known.is === 'absent') item.may = [];
  }
  if (flight && (flight.op === 'set' || known.is === 'unknown')) flight.tainted = true;
}

/** A call that leaves now. */
export function newFlight(item: WantedItem, call: Pick<Flight, 'op' | 'options' | 'grant' | 'startedMs'>): Flight {
  const isLeave = call.op === 'unset' && item.kind === CHANNEL;
  return {
    ...call,
    item,
    from: item.known,
    leave: isLeave ? rememberLeave(item.queue, call.startedMs) : null,
    tainted: false,
    named: new Set(),
    reported: null,
    lateUntilMs: 0,
  };
}

/** When a channel is to be looked at again though nothing happens: at the end of whatever is waited for first. */
export function nextLookMs(queue: ChannelQueue, nowMs: number): number {
  const { flight, late, connectingUntilMs, items } = queue;
  const ends = [...late].map(({ lateUntilMs }) => lateUntilMs);
  for (const { hold } of items) if (hold && hold.untilMs > nowMs) ends.push(hold.untilMs);
  if (flight) ends.push(deadlineOf(flight));
  if (connectingUntilMs !== null) ends.push(connectingUntilMs);
  return Math.min(leaveAtMs(queue), ...ends);
}

/** A leave of ours is called, whatever for: its IDLE is not the app's doing. */
export function rememberLeave(queue: ChannelQueue, nowMs: number): Leave {
  const leave = { untilMs: nowMs + LEAVE_EVENT_MS };
  queue.leaves = [...queue.leaves.filter(({ untilMs }) => nowMs < untilMs), leave];
  return leave;
}

/** It is answered, and its IDLE follows soon. */
export function leaveAnswered(leave: Leave, nowMs: number): void {
  leave.untilMs = nowMs + LEAVE_ANSWERED_MS;
}

/** The join of ours that is in flight, or null. */
export function ourJoin({ flight }: ChannelQueue): Flight | null {
  return flight && isJoin(flight) ? flight : null;
}

/** Whether the SDK may be at a join of ours. */
export function hasOpenJoin({ flight, late }: ChannelQueue): boolean {
  return [flight, ...late].some((call) => call !== null && isJoin(call));
}

/** Whether this call joins a stream channel. */
export function isJoin({ op, item }: Flight): boolean {
  return op === 'set' && item.kind === CHANNEL;
}
