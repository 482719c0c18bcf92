import { EventLog } from './event-log.js';
import type { Recording } from './recording.js';

/** A recording that is shown whole, or runs again as it happened. */
export class Replay {
  readonly recording: Recording;
  #log: EventLog;
  #told: number;
  #at: number;
  #isPlaying = false;

  constructor(recording: Recording) {
    this.recording = recording;
    this.#log = this.#emptyLog();
    this.#log.addAll(recording.events);
    this.#told = recording.events.length;
    this.#at = recording.until;
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
    if (!this.#isPlaying || this.#at < this.recording.until) return;
    this.#log = this.#emptyLog();
    this.#told = 0;
    this.#at = this.recording.events[0]?.at ?? this.recording.until;
    this.advance(0);
  }

  /** Lets time of the recording pass. */
  advance(ms: number): void {
    if (!this.#isPlaying) return;
    const { events, until } = this.recording;
    this.#at = Math.min(until, this.#at + ms);
    for (let event = events[this.#told]; event && event.at <= this.#at; event = events[this.#told]) {
      this.#log.add(event);
      this.#told += 1;
    }
    if (this.#at >= until) this.#isPlaying = false;
  }

  /** A recording is never cut short. */
  #emptyLog(): EventLog {
    return new EventLog(Number.POSITIVE_INFINITY);
  }
}
