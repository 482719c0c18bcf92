import type { Deferred } from '../../environment/waiting.js';
import type { RequestCause } from '../../token/token-lease.js';
import type { DecisionSubject } from '../state/inspection-event.js';
import type { SessionError } from '../state/session-error.js';
import type { ChannelQueue } from './channel-queue.js';
import type { ItemKind } from './item-kinds.js';
import type { StreamChannel } from './stream-channel.js';

/** Options in a form in which equal ones have equal keys: defaults are filled in, and the order of keys does not matter. */
export interface ItemOptions {
  readonly key: string;
  readonly value: unknown;
}

/** What the SDK is known to have of an item. `options` null: it is there, and nobody has set other options than the wanted ones. */
export type Known =
  | { readonly is: 'absent' }
  | { readonly is: 'present'; readonly options: ItemOptions | null }
  | { readonly is: 'unknown' };

export const ABSENT: Known = { is: 'absent' };
export const UNKNOWN: Known = { is: 'unknown' };

/** Who waits for an item to be as wanted, or to be undone. */
export type Waiters = Set<Deferred<WantedItem>>;

/** What the app wants last. `met`: it has been so at least once since it is wanted. */
export interface Want {
  readonly options: ItemOptions;
  readonly waiters: Waiters;
  met: boolean;
}

/** Why an item is left alone. */
export interface Hold {
  /**
   * `backoff`: a failure may pass. `throttled`: too many calls; not ended by the app's word. `stream`: until the channel's next event.
   * `token`: a join waits for it. `failed`: given up for a reason that a repetition cannot change; the want stays.
   */
  readonly is: 'backoff' | 'throttled' | 'stream' | 'token' | 'failed';
  /** On the monotonic clock. */
  readonly untilMs: number;
  /** The same, milliseconds since the epoch; null where no time is set. */
  readonly retriesAt: number | null;
  /** What went wrong. */
  error: SessionError | null;
}

/** What has gone wrong in a row. It falls back when the item has been present for a minute, not at the first success. */
export interface Strikes {
  backoffs: number;
  duplicates: number;
  refusals: number;
  kicks: number;
}

export const NO_STRIKES: Readonly<Strikes> = { backoffs: 0, duplicates: 0, refusals: 0, kicks: 0 };

/** How long a thing must have been so before its earlier trouble is forgotten, milliseconds. */
export const CALM_MS = 60_000;

/**
 * One thing that the app wants to be so: a subscription, a joined stream channel, a joined topic, users heard in a topic. It holds what
 * is wanted and what is known; only the reconciler changes it.
 */
export class WantedItem {
  readonly kind: ItemKind;
  /** Its channel's. */
  readonly queue: ChannelQueue;
  readonly topic: string;
  want: Want | null = null;
  /** The want before this one, if it was met: it stands again when this one is withdrawn. */
  prior: ItemOptions | null = null;
  readonly undoWaiters: Waiters = new Set();
  known: Known = ABSENT;
  /** Options that were sent since it was last known for certain: with any of these it may be there. */
  may: ItemOptions[] = [];
  hold: Hold | null = null;
  /** Failed calls that count against a want which was never met. */
  misses = 0;
  throttles = 0;
  strikes: Strikes = { ...NO_STRIKES };
  presentSinceMs: number | null = null;
  /** A shorter time than {@link CALM_MS} for a channel whose tokens are short-lived: half of such a life. */
  calmMs: number = CALM_MS;
  /** When it was last known to be so by an answer of the SDK. */
  answeredMs: number = Number.NEGATIVE_INFINITY;
  /** It must be undone before it is done, since nobody knows what the SDK is at. */
  undoFirst = false;
  /** Users who could not be heard yet; `''` stands for whomever the SDK chooses. */
  readonly missed: Set<string> = new Set();
  /** Calls that got no answer in time and may have one yet. */
  lateCalls = 0;
  /** What the SDK last answered to a call that made it so. */
  answer: object | null = null;
  /** Why its next token is fetched. */
  tokenCause: RequestCause = 'join';
  /** What the app holds of a stream channel. */
  handle: StreamChannel | null = null;

  constructor({ kind, queue, topic }: Pick<WantedItem, 'kind' | 'queue' | 'topic'>) {
    this.kind = kind;
    this.queue = queue;
    this.topic = topic;
  }

  /** Whether it was so before, with these options or earlier ones. */
  get everMet(): boolean {
    return this.want !== null && (this.want.met || this.prior !== null);
  }

  /** Whether it is so, as far as anybody knows. */
  get isMet(): boolean {
    return this.want?.met === true && this.known.is === 'present';
  }

  get failed(): boolean {
    return this.hold?.is === 'failed';
  }

  /** What a report is about. */
  get subject(): DecisionSubject {
    const { kind, queue, topic } = this;
    return { kind: kind.name, channelName: queue.channelName, topic: kind.inChannel ? topic : null };
  }

  /** Its name at the beginning of a sentence. */
  toString(): string {
    const { kind, queue, topic } = this;
    return kind.inChannel
      ? `The topic "${topic}" of "${queue.channelName}"`
      : `The ${kind.name === 'channel' ? 'stream' : 'message'} channel "${queue.channelName}"`;
  }
}
