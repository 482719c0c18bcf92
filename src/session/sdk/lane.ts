import type { Clock } from '../../environment/clock.js';

/** Who waits for a call. Urgent ones may use a reserve; calls of the app and of restoring alternate two to one while both wait. */
export type LaneRank = 'urgent' | 'app' | 'restoring';

/** Takes a waiting call out of its lane; nothing happens when it has left already. */
export type LeaveLane = () => void;

interface Ticket {
  readonly since: number;
  /** Makes the call; false when there is nothing to call any more. */
  readonly start: () => boolean;
}

/** A second, and a little more for clocks that round. */
const WINDOW_MS = 1_002;
const APP_CALLS_IN_A_ROW = 2;

/** How many calls a lane lets start in any second. */
export interface LaneOptions {
  readonly clock: Clock;
  readonly perSecond: number;
  /** For urgent calls; default as for the others. */
  readonly urgentPerSecond?: number;
}

/**
 * Keeps calls of one kind below the SDK's limit with a sliding window (it drops what exceeds it, F 2.6). A call that has room leaves
 * within `enter`; others wait their turn, and one that is no longer wanted leaves without using any.
 */
export class Lane {
  readonly #options: LaneOptions;
  readonly #waiting: Readonly<Record<LaneRank, Set<Ticket>>> = {
    urgent: new Set(),
    app: new Set(),
    restoring: new Set(),
  };
  /** When the latest calls started, the oldest first. */
  readonly #starts: number[] = [];
  #appInARow = 0;
  #draining = false;
  #timer: unknown = null;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  /** How many calls wait, and for how long the oldest has, milliseconds. */
  get waiting(): { readonly calls: number; readonly oldestMs: number } {
    const tickets = Object.values(this.#waiting).flatMap((set) => [...set]);
    const since = Math.min(...tickets.map((ticket) => ticket.since));
    return { calls: tickets.length, oldestMs: tickets.length > 0 ? this.#now() - since : 0 };
  }

  enter(rank: LaneRank, start: () => boolean): LeaveLane {
    const ticket = { since: this.#now(), start };
    this.#waiting[rank].add(ticket);
    this.#drain();
    return () => {
      if (this.#waiting[rank].delete(ticket) && this.#isEmpty()) this.#disarm();
    };
  }

  /** Nobody waits any more. */
  close(): void {
    for (const set of Object.values(this.#waiting)) set.clear();
    this.#disarm();
  }

  #drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#disarm();
    for (let rank = this.#nextRank(); rank !== null; rank = this.#nextRank()) {
      const waitMs = this.#waitMs(rank);
      if (waitMs > 0) {
        this.#arm(waitMs);
        break;
      }
      this.#startOne(rank);
    }
    this.#draining = false;
  }

  #startOne(rank: LaneRank): void {
    const [ticket] = this.#waiting[rank];
    if (!ticket) return;
    this.#waiting[rank].delete(ticket);
    // Counted ahead of the call, during which others may enter.
    this.#starts.push(this.#now());
    if (!ticket.start()) this.#starts.pop();
    else if (rank !== 'urgent') this.#appInARow = rank === 'app' ? this.#appInARow + 1 : 0;
  }

  #nextRank(): LaneRank | null {
    const { urgent, app, restoring } = this.#waiting;
    if (urgent.size > 0) return 'urgent';
    if (app.size > 0 && (restoring.size === 0 || this.#appInARow < APP_CALLS_IN_A_ROW)) return 'app';
    return restoring.size > 0 ? 'restoring' : null;
  }

  #waitMs(rank: LaneRank): number {
    const { perSecond, urgentPerSecond = perSecond } = this.#options;
    const limit = rank === 'urgent' ? urgentPerSecond : perSecond;
    const now = this.#now();
    while (this.#starts.length > 0 && (this.#starts[0] ?? 0) <= now - WINDOW_MS) this.#starts.shift();
    if (this.#starts.length < limit) return 0;
    return (this.#starts[this.#starts.length - limit] ?? now) + WINDOW_MS - now;
  }

  #isEmpty(): boolean {
    return Object.values(this.#waiting).every((set) => set.size === 0);
  }

  #arm(waitMs: number): void {
    const { clock } = this.#options;
    const setTimer = clock.setPromptTimeout?.bind(clock) ?? clock.setTimeout.bind(clock);
    this.#timer = setTimer(() => this.#drain(), Math.ceil(waitMs));
  }

  #disarm(): void {
    this.#options.clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #now(): number {
    return this.#options.clock.monotonic();
  }
}
