import { type Clock, instant } from '../environment/clock.js';
import { keyOf } from './targets.js';
import { forget, newLease, type RequestCause, type TokenLease, waitOf } from './token-lease.js';
import type { TokenTarget } from './token-source.js';

/** The leases that are kept, by target, and what is wanted of them. */
export class Leases {
  /** Looks anew, soon: at this lease, or at all of them. */
  readonly look: (lease?: TokenLease) => void;
  readonly #clock: Clock;
  readonly #kept = new Map<string, TokenLease>();
  #wants = 0;

  constructor(clock: Clock, look: (lease?: TokenLease) => void) {
    this.#clock = clock;
    this.look = look;
  }

  all(): TokenLease[] {
    return [...this.#kept.values()];
  }

  find(target: TokenTarget): TokenLease | undefined {
    return this.#kept.get(keyOf(target));
  }

  /** Whether this is still the lease of its target. */
  isKept(lease: TokenLease): boolean {
    return this.find(lease.target) === lease;
  }

  add(target: TokenTarget): TokenLease {
    const lease = this.find(target) ?? newLease(target);
    this.#kept.set(keyOf(target), lease);
    return lease;
  }

  /** Lets go of all but those of these targets. */
  retain(targets: readonly TokenTarget[]): void {
    const keys = new Set(targets.map(keyOf));
    for (const [key, lease] of this.#kept) {
      if (keys.has(key)) continue;
      this.#kept.delete(key);
      forget(lease);
    }
  }

  /**
   * A token is wanted, and not before a wait is over. The first cause is kept; a want without a wait ends the wait of an earlier one,
   * unless it only looks again.
   */
  want(
    lease: TokenLease,
    cause: RequestCause,
    { waitMs = 0, keepsWait = false }: { waitMs?: number; keepsWait?: boolean } = {},
  ): void {
    const order = this.#wants++;
    if (lease.ask.is !== 'wanted') {
      const wait = waitMs > 0 ? waitOf(this.#clock, waitMs) : null;
      lease.ask = { is: 'wanted', cause, since: instant(this.#clock), order, wait };
    } else if (waitMs <= 0 && !keepsWait) lease.ask.wait = null;
    this.look(lease);
  }
}
