import type { Clock } from '../environment/clock.js';
import { elapsedMs } from '../environment/clock.js';
import type { Leases } from './leases.js';
import { type RetryPolicy, retryDelayMs } from './retry-schedule.js';
import { give, nextApply, settle, unanswered } from './supersession.js';
import type { TokenEvent } from './token-event.js';
import type { TokenFailure } from './token-failure.js';
import { answer, type Grant, isRenewal, type TokenLease, waitOf } from './token-lease.js';
import type { RenewalCause, TokenTarget } from './token-source.js';

/** What became of giving a renewed token to the SDK. */
export type ApplyOutcome =
  | { readonly kind: 'applied' }
  /** Not now: the SDK says that the link is down, or asks for fewer calls. */
  | { readonly kind: 'later' }
  /** A passing error: the same token is given once more. */
  | { readonly kind: 'failed'; readonly failure: TokenFailure }
  /** No answer in time: until it comes, another token is given. */
  | { readonly kind: 'unanswered'; readonly failure: TokenFailure }
  /** The token itself is refused: another one is fetched. */
  | { readonly kind: 'refused'; readonly failure: TokenFailure };

/** How renewed tokens reach the SDK, and who is told. */
export interface ApplierOptions {
  readonly retry: RetryPolicy;
  readonly clock: Clock;
  readonly random: () => number;
  /** Whether the SDK can take a renewed token for this target now: the link is CONNECTED, and the channel joined. */
  isLive(target: TokenTarget): boolean;
  /** Gives a token to the SDK. `done` is told what became of it, and after `unanswered` once more if the answer comes after all. */
  apply(target: TokenTarget, grant: Grant, done: (outcome: ApplyOutcome) => void): void;
  report(event: TokenEvent): void;
}

/** How long the SDK is left alone after it said that its link is down while it claimed to be connected. */
const LATER_MS = 1_000;
/** A renewal that the SDK does not take is tried again after this long at the latest. */
const LONGEST_WAIT_MS = 15_000;

/** Gives renewed tokens to the SDK, each until it is accepted, refused or superseded. */
export class TokenApplier {
  readonly #options: ApplierOptions;
  readonly #leases: Leases;

  constructor(options: ApplierOptions, leases: Leases) {
    this.#options = options;
    this.#leases = leases;
  }

  /** Gives the newest token of a lease to the SDK if it does not have it yet and now is the time. */
  apply(lease: TokenLease): void {
    const { clock, isLive } = this.#options;
    const next = nextApply(lease, isLive(lease.target), clock);
    if (next.do === 'hold' && lease.newest) answer(lease, { ok: true, grant: lease.newest }, 'applied');
    // The newest token was refused, or a silent call has it: its own cause is why there must be another.
    if (next.do === 'ask') this.#ask(lease, causeOfNewest(lease), 0);
    if (next.do !== 'renew') return;
    const { grant } = next;
    give(lease, grant);
    this.#options.apply(lease.target, grant, (outcome) => {
      if (this.#leases.isKept(lease)) this.#conclude(lease, grant, outcome);
      this.#leases.look(lease);
    });
  }

  /** The SDK works with another token of this lease than before. */
  accepted(lease: TokenLease, applied: Grant): void {
    const { clock, report } = this.#options;
    const { target, newest } = lease;
    const { cause, lifeMs, wantedAt } = applied;
    lease.applyWait = null;
    lease.failures = 0;
    if (applied === newest) answer(lease, { ok: true, grant: applied }, 'applied');
    if (!isRenewal(cause)) return;
    report({ type: 'renewed', target, cause, lifetimeMs: lifeMs, tookMs: Math.round(elapsedMs(clock, wantedAt)) });
  }

  #conclude(lease: TokenLease, grant: Grant, outcome: ApplyOutcome): void {
    const wasLate = lease.stale.has(grant.serial);
    if (outcome.kind === 'unanswered') unanswered(lease, grant);
    else if (settle(lease, grant, CALL_ENDS[outcome.kind])) this.accepted(lease, grant);
    if (outcome.kind === 'applied' || wasLate) return;
    const { clock, random, retry, report } = this.#options;
    if (outcome.kind === 'later') {
      lease.applyWait = waitOf(clock, LATER_MS);
      return;
    }
    const { failure } = outcome;
    lease.failures += 1;
    const retryInMs = Math.min(LONGEST_WAIT_MS, retryDelayMs(lease.failures, random(), retry));
    if (outcome.kind === 'refused') this.#ask(lease, 'rejected', retryInMs);
    else lease.applyWait = waitOf(clock, retryInMs);
    answer(lease, { ok: false, failure }, 'applied');
    report({ type: 'tokenFailed', target: lease.target, failure, attempt: lease.failures, retryInMs });
  }

  #ask(lease: TokenLease, cause: RenewalCause, waitMs: number): void {
    if (lease.ask.is === 'content') this.#leases.want(lease, cause, { waitMs });
  }
}

/** What such an outcome shows of the token. */
const CALL_ENDS = { applied: 'accepted', refused: 'refused', later: 'unproven', failed: 'unproven' } as const;

function causeOfNewest({ newest, spent }: TokenLease): RenewalCause {
  if (!newest || newest.serial <= (spent?.serial ?? 0)) return 'rejected';
  return isRenewal(newest.cause) ? newest.cause : 'schedule';
}
