import type { World } from '../world/world.js';
import { momentsBetween, STORY, STORY_ENDS_AT } from './story.js';

/** How fast the world's time passes: as the story goes, or so many times as fast as the visitor's. */
export type Speed = 'story' | 1 | 5 | 30;

/** Moments are never passed by more than this, milliseconds of the world's. */
const STEP_MS = 100;
/** After a pause of the page's own (another tab was in front) the world does not run to catch up. */
const LONGEST_FRAME_MS = 250;

/** Lets the world's time pass, frame by frame, and the story with it. */
export class Player {
  speed: Speed = 'story';
  isPaused = false;
  /** Slow motion: a tenth of the speed. */
  isSlow = false;
  /** What the visitor is told. */
  says = '';
  readonly #world: World;
  readonly #startedAt: number;
  #isTelling = true;
  #told = -1;
  #pace = 1;
  #busy = false;

  constructor(world: World) {
    this.#world = world;
    this.#startedAt = world.clock.monotonic();
  }

  /** Seconds of the world's since the beginning. */
  get seconds(): number {
    return (this.#world.clock.monotonic() - this.#startedAt) / 1000;
  }

  get isOver(): boolean {
    return this.#told >= STORY_ENDS_AT;
  }

  /** Whether the story goes on. */
  get isTelling(): boolean {
    return this.#isTelling && !this.isOver;
  }

  /** The visitor makes trouble: the rest of the story would not be true any more. Who has not come yet, comes. */
  leaveStory(): void {
    if (!this.isTelling) return;
    for (const { at, does, setsUp } of STORY) if (setsUp && at > this.#told) does?.(this.#world);
    this.#isTelling = false;
    this.says = 'Now it is your story. The lanes below show what becomes of it.';
  }

  /** How many of the world's milliseconds pass in one of the visitor's. */
  get rate(): number {
    if (this.isPaused) return 0;
    const own = this.isTelling ? this.#pace : 1;
    return (this.speed === 'story' ? own : this.speed) / (this.isSlow ? 10 : 1);
  }

  /** A frame: so many milliseconds of the visitor's have passed. While one is under way the next are left out. */
  async frame(passedMs: number): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await this.advance(Math.min(passedMs, LONGEST_FRAME_MS) * this.rate);
    } finally {
      this.#busy = false;
    }
  }

  /** Lets the world's time pass, whatever the speed. */
  async advance(worldMs: number): Promise<void> {
    this.#tell();
    for (let left = worldMs; left > 0; left -= STEP_MS) {
      await this.#world.clock.advance(Math.min(STEP_MS, left));
      this.#tell();
    }
  }

  #tell(): void {
    if (!this.#isTelling) return;
    const now = this.seconds;
    for (const moment of momentsBetween(this.#told, now)) {
      this.#pace = moment.pace;
      this.says = moment.says ?? this.says;
      moment.does?.(this.#world);
    }
    this.#told = now;
  }
}
