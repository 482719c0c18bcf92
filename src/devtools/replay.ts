import { EventLog } from './event-log.js';
import type { Recording } from './recording.js';

/** A recording that is shown whole, or runs again as it happened. */
export class Replay {
  readonly recording: Recording;
  #log = new EventLog(Number.POSITIVE_INFINITY);
  #at: number;
  #isPlaying = false;
  /** When it last ran on. */
  #ranAt: number | null = null;

  constructor(recording: Recording) {
    this.recording = recording;
    this.#at = recording.until;
    this.#tell();
  }

  /** What has happened by now; another one whenever it starts over. */
  get log(): EventLog {
    return this.#log;
  }

  get now(): number {
    return this.#at;
  }

  get isPlaying(): boolean {
    return this.#isPlaying;
  }

  /** Runs on, or stands still; at its end it starts over. */
  toggle(): void {
    this.#isPlaying = !this.#isPlaying;
    this.#ranAt = null;
    const { events, until } = this.recording;
    if (!this.#isPlaying || this.#at < until) return;
    this.#log = new EventLog(Number.POSITIVE_INFINITY);
    this.#at = events[0]?.at ?? until;
    this.#tell();
  }

  /** Runs on to a moment of the world, in milliseconds that only grow. */
  run(at: number, rate: number): void {
    if (!this.#isPlaying) return;
    this.#at = Math.min(this.recording.until, this.#at + (at - (this.#ranAt ?? at)) * rate);
    this.#ranAt = at;
    this.#tell();
    this.#isPlaying = this.#at < this.recording.until;
  }

  #tell(): void {
    const { events } = this.recording;
    for (const event of events.slice(this.#log.events.length)) {
      if (event.at > this.#at) break;
      this.#log.add(event);
    }
  }
}
