import type { RecordedEvent } from './recording.js';
import type { Timeline } from './timeline.js';
import { TimelineBuilder } from './timeline-builder.js';

/** How many events are kept where nobody says otherwise. */
export const KEPT_EVENTS = 10_000;
/** What is dropped at once when a log is full, as a share of its limit: dropping means to make the picture anew. */
const DROPPED = 0.2;

/** Events in their order, with what is drawn of them. The oldest are dropped when there are too many. */
export class EventLog {
  readonly #limit: number;
  readonly #listeners = new Set<() => void>();
  #events: RecordedEvent[] = [];
  #shown: number[] = [];
  #timeline = new TimelineBuilder();
  #dropped = 0;

  constructor(limit: number = KEPT_EVENTS) {
    this.#limit = limit;
  }

  get events(): readonly RecordedEvent[] {
    return this.#events;
  }

  /** The places of those events that a table lists: what only refreshes a picture is not among them. */
  get shown(): readonly number[] {
    return this.#shown;
  }

  get timeline(): Timeline {
    return this.#timeline;
  }

  /** How many events were dropped so far; places count from the oldest that is left. */
  get dropped(): number {
    return this.#dropped;
  }

  add(event: RecordedEvent): void {
    const last = this.#events.at(-1);
    // A clock that is set back does not turn the picture around.
    this.#take(last && event.at < last.at ? { ...event, at: last.at } : event);
    if (this.#events.length > this.#limit) this.#dropOldest();
    for (const listener of this.#listeners) listener();
  }

  /** Returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #take(event: RecordedEvent): void {
    if (event.type !== 'tokens') this.#shown.push(this.#events.length);
    this.#events.push(event);
    this.#timeline.add(event);
  }

  #dropOldest(): void {
    const count = Math.ceil(this.#limit * DROPPED);
    const left = this.#events.slice(count);
    this.#dropped += count;
    this.#events = [];
    this.#shown = [];
    this.#timeline = new TimelineBuilder();
    for (const event of left) this.#take(event);
  }
}
