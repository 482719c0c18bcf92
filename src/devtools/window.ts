import type { View } from './time-scale.js';
import type { Timeline } from './timeline.js';

/** How much of the picture lies ahead of the present, for what is planned. */
const AHEAD = 0.2;
const SHORTEST_MS = 2_000;
const LONGEST_MS = 14 * 24 * 3_600_000;
/** What is shown at first, at least. */
const FIRST_MS = 45_000;

/**
 * Which part of time is in view. It follows the present until somebody looks elsewhere, and shows everything until there is too much of
 * it or somebody chooses how much.
 */
export class TimeWindow {
  /** Null: as much as there is. */
  #chosenMs: number | null = null;
  /** Where the present would stand; null: it follows it. */
  #fixedAt: number | null = null;

  get isLive(): boolean {
    return this.#fixedAt === null;
  }

  /** Follows the present again. */
  follow(): void {
    this.#fixedAt = null;
  }

  view({ timeline, now, width }: { timeline: Timeline; now: number; width: number }): View {
    const spanMs = this.spanMs(timeline, now);
    const anchor = this.#fixedAt ?? now;
    return { from: anchor - spanMs * (1 - AHEAD), to: anchor + spanMs * AHEAD, width: Math.max(1, width) };
  }

  /** How much is in view. */
  spanMs(timeline: Timeline, now: number): number {
    if (this.#chosenMs !== null) return this.#chosenMs;
    const age = now - (timeline.from ?? now);
    return Math.min(longestAtFirst(timeline), Math.max(FIRST_MS, age * 1.04)) / (1 - AHEAD);
  }

  chooseSpan(ms: number): void {
    this.#chosenMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ms));
  }

  /** Shows all of a timeline at once. */
  showAll(timeline: Timeline, now: number): void {
    this.#fixedAt = null;
    if (timeline.from !== null) this.chooseSpan(((now - timeline.from) * 1.04) / (1 - AHEAD));
  }

  /** Looks at another time; past the present it follows again. */
  moveBy(ms: number, { timeline, now }: { timeline: Timeline; now: number }): void {
    const span = this.spanMs(timeline, now);
    if (this.#chosenMs === null) this.#chosenMs = span;
    const to = (this.#fixedAt ?? now) + ms;
    const earliest = (timeline.from ?? now) + span * (0.9 - AHEAD);
    this.#fixedAt = to >= now ? null : Math.max(Math.min(earliest, now), to);
  }

  /** Makes a moment seen, where it is not. */
  reveal(at: number, options: { timeline: Timeline; now: number; width: number }): void {
    const { from, to } = this.view(options);
    const margin = (to - from) * 0.04;
    if (at >= from + margin && at <= to - margin) return;
    const span = to - from;
    this.#chosenMs ??= span;
    // In the middle of what is past.
    const anchor = at + span * (0.5 - AHEAD);
    this.#fixedAt = anchor >= options.now ? null : anchor;
  }

  /** Shows more (above 1) or less, and leaves a moment where it is. */
  zoom(factor: number, at: number, { timeline, now }: { timeline: Timeline; now: number }): void {
    const before = this.spanMs(timeline, now);
    this.chooseSpan(before * factor);
    if (this.#fixedAt === null) return;
    const share = (this.#chosenMs ?? before) / before;
    this.#fixedAt = Math.min(now, at + (this.#fixedAt - at) * share);
  }
}

/** Two or three lives of the shortest token tell how its renewal goes. */
function longestAtFirst({ lanes }: Timeline): number {
  let shortest = Number.POSITIVE_INFINITY;
  for (const { wedges } of lanes) for (const { lifetimeMs } of wedges) shortest = Math.min(shortest, lifetimeMs);
  return Math.min(3 * 3_600_000, Math.max(90_000, 2.5 * shortest));
}
