import type { Lane, LaneRank } from '../sdk/lane.js';

/** The one place that a channel has in a lane while it has something to call. */
export class LanePlace {
  #held: { readonly rank: LaneRank; leave(): void } | null = null;

  /** Takes a place of this rank, unless it has one. `start` makes the call, and is false when there is nothing to call any more. */
  enter(lane: Lane, rank: LaneRank, start: () => boolean): void {
    if (this.#held?.rank === rank) return;
    this.leave();
    const held = { rank, leave: (): void => {} };
    this.#held = held;
    held.leave = lane.enter(rank, () => {
      if (this.#held === held) this.#held = null;
      return start();
    });
  }

  leave(): void {
    this.#held?.leave();
    this.#held = null;
  }
}
