import { type Clock, type Instant, instant } from '../../environment/clock.js';
import type { ReasonClass } from '../state/reason-class.js';
import type { RestoreCause } from '../state/session-state.js';

/** Reasons that Signaling tells itself, over a link that is good. */
const TOLD: ReadonlySet<ReasonClass> = new Set<ReasonClass>(['token', 'displaced', 'kicked', 'configuration']);
/** Clocks differ by less, unless the machine has slept. */
const SLEPT_MS = 2_000;

/** A time in which nothing could be received, milliseconds since the epoch, and how it ended. */
interface EndedGap {
  readonly cause: RestoreCause;
  readonly gap: { readonly from: number; readonly to: number };
}

/** Since when a connection is missing: from the last time that its link was seen to be good until what was lost with it is restored. */
export class ConnectionGap {
  readonly #clock: Clock;
  /** When an event of Signaling's last came, or the link came to stand; null before it ever did. */
  #goodAt: Instant | null = null;
  #from: number | null = null;
  /** Why what was lost is restored; null while the link is lost. */
  #cause: RestoreCause | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When the connection was lost that has not been brought back yet, milliseconds since the epoch. */
  get from(): number | null {
    return this.#from;
  }

  /** An earlier login was lost at that time, and this one brings it back. */
  continue(from: number): void {
    this.#from = from;
    this.#cause = 'link-failed';
  }

  /** The link is seen to be good. */
  seenGood(): void {
    this.#goodAt = instant(this.#clock);
  }

  /**
   * The link is lost. Nothing is received any more long before the SDK notices that by itself.
   *
   * @param reason what Signaling said, or null when it said nothing
   * @param answeredAt when the SDK last did what a call asked for, milliseconds since the epoch
   */
  begin(reason: ReasonClass | null, answeredAt: number): void {
    const now = instant(this.#clock);
    // What Signaling itself tells comes over a good link; but after sleep nobody knows when the link was lost that is found closed.
    if (this.#goodAt && reason && TOLD.has(reason) && !hasSlept(this.#goodAt, now)) this.#goodAt = now;
    this.#from ??= Math.max(this.#goodAt?.wall ?? 0, answeredAt);
  }

  /** What was lost is restored, for this reason. A link that is lost and resumed meanwhile is no reason of its own. */
  restoreFor(cause: RestoreCause): void {
    if (this.#from !== null && !(cause === 'resumed' && this.#cause)) this.#cause = cause;
  }

  /** What was lost is there again; says what there is to tell. */
  end(): EndedGap | null {
    const [from, cause] = [this.#from, this.#cause];
    this.#from = null;
    this.#cause = null;
    const to = this.#clock.now();
    // The clock may have been set back meanwhile.
    return from === null || cause === null ? null : { cause, gap: { from: Math.min(from, to), to } };
  }
}

/** The wall clock has moved on without the page. */
function hasSlept(from: Instant, to: Instant): boolean {
  return to.wall - from.wall - (to.monotonic - from.monotonic) > SLEPT_MS;
}
