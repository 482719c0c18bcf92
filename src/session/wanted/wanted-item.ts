import type { Deferred } from '../../environment/waiting.js';
import type { RequestCause } from '../../token/token-lease.js';
import type { SessionError } from '../state/session-error.js';
import type { ItemKind } from './item-kinds.js';

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

/** What the app wants last. `met`: it has been so at least once since it is wanted. */
export interface Want {
  readonly options: ItemOptions;
  readonly waiters: Set<Deferred<void>>;
  met: boolean;
}

/** Why an item is left alone for a while. A `throttled` one is not ended by the app's word, and a `stream` one ends with the channel's next event. */
export interface Pause {
  /** On the monotonic clock. */
  readonly untilMs: number;
  /** The same, milliseconds since the epoch. */
  readonly retriesAt: number;
  readonly why: 'backoff' | 'throttled' | 'stream';
}

/** What has gone wrong in a row. It falls back when the item has been present for a minute, not at the first success. */
export interface Strikes {
  backoffs: number;
  duplicates: number;
  refusals: number;
  kicks: number;
}

/** How long a thing must have been so before its earlier trouble is forgotten, milliseconds. */
export const CALM_MS = 60_000;

/**
 * One thing that the app wants to be so: a subscription, a joined stream channel, a joined topic, users heard in a topic. It holds what
 * is wanted and what is known; only the reconciler changes it.
 */
export class WantedItem {
  readonly kind: ItemKind;
  readonly channelName: string;
  readonly topic: string;
  want: Want | null = null;
  /** The want before this one, if it was met: it stands again when this one is withdrawn. */
  prior: ItemOptions | null = null;
  readonly undoWaiters: Set<Deferred<void>> = new Set();
  known: Known = ABSENT;
  /** Options sent since it was last known to be absent or present: with any of them it may be there. */
  may: ItemOptions[] = [];
  pause: Pause | null = null;
  /** Failed calls that count against a want which was never met. */
  misses = 0;
  throttles = 0;
  readonly strikes: Strikes = { backoffs: 0, duplicates: 0, refusals: 0, kicks: 0 };
  presentSinceMs: number | null = null;
  /** A shorter time than {@link CALM_MS} for a channel whose tokens are short-lived: half of such a life. */
  calmMs: number = CALM_MS;
  /** When it was last known to be so by an answer of the SDK. */
  answeredMs: number = Number.NEGATIVE_INFINITY;
  /** Given up for a reason that a repetition cannot change; the want stays. */
  failed: SessionError | null = null;
  /** The latest passing failure, for whoever asks why it takes so long. */
  trouble: SessionError | null = null;
  /** It must be undone before it is done, since nobody knows what the SDK is at. */
  undoFirst = false;
  /** Users who could not be heard yet; `''` stands for whomever the SDK chooses. */
  readonly missed: Set<string> = new Set();
  /** Calls that got no answer in time and may have one yet. */
  lateCalls = 0;
  /** What the SDK last answered to a call that made it so. */
  answer: unknown = null;
  /** A join waits for its token. */
  awaitsToken = false;
  /** Why its next token is fetched. */
  tokenCause: RequestCause = 'join';

  constructor(kind: ItemKind, channelName: string, topic: string) {
    this.kind = kind;
    this.channelName = channelName;
    this.topic = topic;
  }

  get key(): string {
    return itemKey(this.kind, this.channelName, this.topic);
  }

  /** Whether it was so before, with these options or earlier ones. */
  get everMet(): boolean {
    return this.want !== null && (this.want.met || this.prior !== null);
  }

  /** Whether it is so, as far as anybody knows. */
  get isMet(): boolean {
    return this.want?.met === true && this.known.is === 'present';
  }
}

export function itemKey(kind: ItemKind, channelName: string, topic: string = ''): string {
  return `${kind.name} ${channelName}/${topic}`;
}
