import type { Clock } from '../../environment/clock.js';

const WARNING_MS = 30_000;

/** What happens to a token that runs down. */
export interface TokenTimerEvents {
  /** 30 s are left, or less than that from the start. Returns whether the client could be told. */
  warn(): boolean;
  end(): void;
}

/** Runs one token down: a warning 30 s before its end, at once where less is left, and then the end. Renewing starts it over. */
export class TokenTimer {
  readonly #clock: Clock;
  readonly #events: TokenTimerEvents;
  #timer: unknown = null;
  #token = '';
  #expiresAt: number | null = null;
  #warningDue = false;

  constructor(clock: Clock, events: TokenTimerEvents) {
    this.#clock = clock;
    this.#events = events;
  }

  /** The token that runs down. */
  get token(): string {
    return this.#token;
  }

  /** When it ends, epoch milliseconds; null for never. */
  get expiresAt(): number | null {
    return this.#expiresAt;
  }

  /** Starts over with a token; the one that is running already goes on. */
  start(token: string, expiresAt: number | null): void {
    if (token === this.#token && expiresAt === this.#expiresAt && this.#timer !== null) return;
    this.stop();
    this.#token = token;
    this.#expiresAt = expiresAt;
    this.#warningDue = false;
    if (expiresAt === null) return;
    const delayMs = expiresAt - WARNING_MS - this.#clock.now();
    this.#timer = this.#clock.setTimeout(() => this.#warn(expiresAt), delayMs);
  }

  /** The client is back: tells it what it could not be told before. */
  remind(): void {
    if (this.#warningDue) this.#warningDue = !this.#events.warn();
  }

  /** Ends without a word. */
  stop(): void {
    this.#clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  #warn(expiresAt: number): void {
    this.#timer = this.#clock.setTimeout(() => this.#events.end(), expiresAt - this.#clock.now());
    this.#warningDue = true;
    this.remind();
  }
}
