import type { View } from './time-scale.js';
import type { Timeline } from './timeline.js';

/** What there is to look at, and how wide it can be drawn. */
export interface Sight {
  readonly timeline: Timeline;
  readonly now: number;
  readonly width: number;
}

/** How much of the picture lies ahead of the present, for what is planned. */
const AHEAD = 0.2;
const SHORTEST_MS = 2_000;
const LONGEST_MS = 14 * 24 * 3_600_000;
/** What is shown at first, at least. */
const FIRST_MS = 45_000;
/** Of the picture; an edge is not in sight. */
const EDGE = 0.04;

/**
 * Which part of time is in view. It follows the present until somebody looks elsewhere, and shows everything until there is too much of
 * it or somebody chooses how much.
 */
export class TimeWindow {
  readonly #sight: () => Sight;
  /** Null: as much as there is. */
  #chosenMs: number | null = null;
  /** Where the present would stand; null: it follows it. */
  #fixedAt: number | null = null;

  constructor(sight: () => Sight) {
    this.#sight = sight;
  }

  get isLive(): boolean {
    return this.#fixedAt === null;
  }

  get view(): View {
    const { now, width } = this.#sight();
    const spanMs = this.#spanMs;
    const anchor = this.#fixedAt ?? now;
    return { from: anchor - spanMs * (1 - AHEAD), to: anchor + spanMs * AHEAD, width: Math.max(1, width) };
  }

  /** Follows the present again. */
  follow(): void {
    this.#fixedAt = null;
  }

  /** Follows it with all that there was in view. */
  showAll(): void {
    this.follow();
    this.#chosenMs = Math.min(LONGEST_MS, this.#wholeMs);
  }

  /** Looks at another time; past the present it follows again. */
  moveBy(ms: number): void {
    const { now, timeline } = this.#sight();
    const span = this.#spanMs;
    this.#chosenMs = span;
    const anchor = (this.#fixedAt ?? now) + ms;
    const earliest = (timeline.from ?? now) + span * (0.9 - AHEAD);
    this.#fixedAt = anchor >= now ? null : Math.max(Math.min(earliest, now), anchor);
  }

  /** Makes a moment seen, in the middle of what is past, where it is not. */
  reveal(at: number): void {
    const { from, to } = this.view;
    const place = (at - from) / (to - from);
    if (place < EDGE || place > 1 - EDGE) this.moveBy(at - (from + to) / 2);
  }

  /** Shows more (above 1) or less, and leaves a moment where it is. */
  zoom(factor: number, at: number): void {
    const before = this.#spanMs;
    const after = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, before * factor));
    this.#chosenMs = after;
    if (this.#fixedAt !== null)
      this.#fixedAt = Math.min(this.#sight().now, at + ((this.#fixedAt - at) * after) / before);
  }

  get #spanMs(): number {
    return this.#chosenMs ?? Math.min(longestAtFirst(this.#sight().timeline), this.#wholeMs);
  }

  get #wholeMs(): number {
    const { timeline, now } = this.#sight();
    return Math.max(FIRST_MS, (now - (timeline.from ?? now)) * (1 + EDGE)) / (1 - AHEAD);
  }
}

/** Two or three lives of the shortest token tell how its renewal goes. */
function longestAtFirst({ lanes }: Timeline): number {
  const lives = lanes.flatMap(({ wedges }) => wedges.map(({ lifetimeMs }) => lifetimeMs));
  return Math.min(3 * 3_600_000, Math.max(90_000, 2.5 * Math.min(...lives))) / (1 - AHEAD);
}
