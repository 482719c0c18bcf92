import type { Clock } from '../../environment/clock.js';

/** How long calls take, in milliseconds: always the same, or drawn evenly between two. */
export type LatencyRange = number | readonly [min: number, max: number];

/** The time that a call takes between the client and the service, half of it each way. Without latency there is not even a timer. */
export class Latency {
  readonly #range: readonly [number, number];
  readonly #random: () => number;
  readonly #clock: Clock;

  constructor(range: LatencyRange, random: () => number, clock: Clock) {
    this.#clock = clock;
    this.#range = typeof range === 'number' ? [range, range] : range;
    this.#random = random;
  }

  /** One direction of one link. */
  oneWay(): OneWay {
    return new OneWay(this.#clock, () => this.#drawMs());
  }

  #drawMs(): number {
    const [min, max] = this.#range;
    return max === 0 ? 0 : (min + this.#random() * (max - min)) / 2;
  }
}

/** One direction of a link. What left first arrives first. */
export class OneWay {
  readonly #clock: Clock;
  readonly #drawMs: () => number;
  #lastArrival = 0;

  constructor(clock: Clock, drawMs: () => number) {
    this.#clock = clock;
    this.#drawMs = drawMs;
  }

  /** Calls back on arrival, which may be at once. */
  travel(arrived: () => void): void {
    const now = this.#clock.monotonic();
    const arrival = Math.max(this.#lastArrival, now + this.#drawMs());
    this.#lastArrival = arrival;
    if (arrival <= now) arrived();
    else this.#clock.setTimeout(arrived, arrival - now);
  }
}
