import type { Clock } from '../environment/clock.js';
import { elapsedMs, instant } from '../environment/clock.js';
import { type RetryPolicy, retryDelayMs } from './retry-schedule.js';
import type { TokenFailure } from './token-failure.js';
import { answer, isRenewal, leftMs, type TokenLease } from './token-lease.js';
import type { RenewalCause, TokenTarget } from './token-source.js';

/** What became of giving a renewed token to the SDK. */
export type ApplyOutcome =
  | { readonly kind: 'applied' }
  /** Not now: the link is down. */
  | { readonly kind: 'later' }
  /** No answer in time or a passing error: the same token is given once more. */
  | { readonly kind: 'failed'; readonly failure: TokenFailure }
  /** The token itself is refused: another one is fetched. */
  | { readonly kind: 'refused'; readonly failure: TokenFailure };

/** A renewed token that the SDK accepted. */
export interface Renewed {
  readonly target: TokenTarget;
  readonly cause: RenewalCause;
  readonly lifetimeMs: number;
  readonly tookMs: number;
}

/** A token request or renewal that failed. `retryInMs` is null where nobody asks again by itself. */
export interface Failed {
  readonly target: TokenTarget;
  readonly failure: TokenFailure;
  readonly attempt: number;
  readonly retryInMs: number | null;
}

/** How renewed tokens reach the SDK, and who is told. */
export interface ApplierOptions {
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  /** Whether a renewed token for this target can be given to the SDK now. */
  canApply(target: TokenTarget, token: string): boolean;
  apply(target: TokenTarget, token: string): Promise<ApplyOutcome>;
  onRenewed(event: Renewed): void;
  onFailed(event: Failed): void;
}

/** How long the SDK is left alone after it said that its link is down while it claimed to be connected. */
const LATER_MS = 1_000;

/** Gives renewed tokens to the SDK, each until it is accepted, refused or superseded. */
export class TokenApplier {
  readonly #options: ApplierOptions;

  constructor(options: ApplierOptions) {
    this.#options = options;
  }

  /**
   * Gives the held token of a lease to the SDK if there is one and now is the time.
   *
   * @param refused called when the SDK refuses the token, with the wait before another one is asked for
   * @param done called when the SDK has answered
   */
  apply(lease: TokenLease, refused: (retryInMs: number) => void, done: () => void): void {
    const { held, applied, target } = lease;
    if (!held || !applied) return;
    if (!this.#options.canApply(target, held.token)) {
      answer(lease, { ok: true, token: held.token }, 'applied');
      return;
    }
    if (lease.applying || leftMs(lease.applyWait, this.#options.clock) > 0) return;
    lease.applying = true;
    void this.#options.apply(target, held.token).then((outcome) => {
      lease.applying = false;
      if (lease.held === held) this.#conclude(lease, outcome, refused);
      done();
    });
  }

  /** The SDK has the held token now. */
  accepted(lease: TokenLease): void {
    const { held, target } = lease;
    if (!held) return;
    Object.assign(lease, { applied: held, held: null, applyWait: null, failures: 0 });
    answer(lease, { ok: true, token: held.token }, 'applied');
    if (!isRenewal(held.cause)) return;
    const tookMs = Math.round(elapsedMs(this.#options.clock, held.wantedAt));
    this.#options.onRenewed({ target, cause: held.cause, lifetimeMs: held.lifeMs, tookMs });
  }

  #conclude(lease: TokenLease, outcome: ApplyOutcome, refused: (retryInMs: number) => void): void {
    if (outcome.kind === 'applied') {
      this.accepted(lease);
      return;
    }
    const since = instant(this.#options.clock);
    if (outcome.kind === 'later') {
      lease.applyWait = { since, ms: LATER_MS };
      return;
    }
    lease.failures += 1;
    const retryInMs = retryDelayMs(lease.failures, this.#options.random(), this.#options.retry);
    if (outcome.kind === 'failed') lease.applyWait = { since, ms: retryInMs };
    else refused(retryInMs);
    const { failure } = outcome;
    answer(lease, { ok: false, failure }, 'applied');
    this.#options.onFailed({ target: lease.target, failure, attempt: lease.failures, retryInMs });
  }
}
