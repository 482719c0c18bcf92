import type { Clock } from 'agora-session';

/** A page that comes back so soon after everything works again has lost no avoidable second, milliseconds. */
export const COME_BACK_MS = 10_000;

/** What one user's page has lost so far. */
export interface Losses {
  /** Milliseconds without a login, since the first one. */
  readonly offlineMs: number;
  /** Those of them in which nothing stood in the way, beyond the first {@link COME_BACK_MS}. */
  readonly avoidableMs: number;
  /** Messages that were sent and neither came nor were fetched afterwards. */
  readonly missed: number;
  /** Messages that came late, fetched from history. */
  readonly fetched: number;
}

/** Counts what a user's page loses: seconds without a login, and messages. */
export class Tally {
  readonly #clock: Clock;
  readonly #owed = new Set<string>();
  #online = false;
  #begun = false;
  #whole = true;
  #wholeSince = 0;
  #countedTo = 0;
  #offlineMs = 0;
  #avoidableMs = 0;
  #fetched = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOnline(): boolean {
    return this.#online;
  }

  get losses(): Losses {
    this.#count();
    const { size: missed } = this.#owed;
    return { offlineMs: this.#offlineMs, avoidableMs: this.#avoidableMs, missed, fetched: this.#fetched };
  }

  /** Whether the page is logged in. Nothing counts before it is for the first time. */
  online(isOnline: boolean): void {
    this.#count();
    this.#online = isOnline;
    this.#begun ||= isOnline;
  }

  /** Whether everything that a login needs works. */
  whole(isWhole: boolean): void {
    this.#count();
    if (isWhole && !this.#whole) this.#wholeSince = this.#clock.monotonic();
    this.#whole = isWhole;
  }

  /** A message was sent to everybody. */
  sent(id: string): void {
    if (this.#begun) this.#owed.add(id);
  }

  came(id: string): void {
    this.#owed.delete(id);
  }

  /** A message was fetched from history. */
  fetched(id: string): void {
    if (this.#owed.delete(id)) this.#fetched += 1;
  }

  #count(): void {
    const now = this.#clock.monotonic();
    if (this.#begun && !this.#online) {
      this.#offlineMs += now - this.#countedTo;
      const from = Math.max(this.#countedTo, this.#wholeSince + COME_BACK_MS);
      if (this.#whole) this.#avoidableMs += Math.max(0, now - from);
    }
    this.#countedTo = now;
  }
}
