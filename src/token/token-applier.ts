import type { Clock } from '../environment/clock.js';
import { elapsedMs, instant } from '../environment/clock.js';
import { type RetryPolicy, retryDelayMs } from './retry-schedule.js';
import { give, nextApply, settle, unanswered } from './supersession.js';
import type { TokenEvent } from './token-event.js';
import type { TokenFailure } from './token-failure.js';
import { answer, type Grant, isRenewal, type TokenLease } from './token-lease.js';
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

/** What the keeper does when a token could not be given. */
interface ApplierHooks {
  /** Whether the lease is still kept. */
  isCurrent(lease: TokenLease): boolean;
  /** Another token is needed, after this wait. */
  ask(lease: TokenLease, cause: RenewalCause, waitMs: number): void;
  /** Something changed: look again. */
  look(): void;
}

/** Gives renewed tokens to the SDK, each until it is accepted, refused or superseded. */
export class TokenApplier {
  readonly #options: ApplierOptions;
  readonly #hooks: ApplierHooks;

  constructor(options: ApplierOptions, hooks: ApplierHooks) {
    this.#options = options;
    this.#hooks = hooks;
  }

  /** Gives the newest token of a lease to the SDK if it does not have it yet and now is the time. */
  apply(lease: TokenLease): void {
    const { clock, isLive } = this.#options;
    const next = nextApply(lease, isLive(lease.target), clock);
    if (next.do === 'hold' && lease.newest) answer(lease, { ok: true, grant: lease.newest }, 'applied');
    // The newest token was refused, or a silent call has it: its own cause is why there must be another.
    if (next.do === 'ask') this.#hooks.ask(lease, causeOfNewest(lease), 0);
    if (next.do !== 'renew') return;
    const { grant } = next;
    give(lease, grant);
    this.#options.apply(lease.target, grant, (outcome) => {
      this.#conclude(lease, grant, outcome);
      this.#hooks.look();
    });
  }

  /** The SDK works with another token of this lease than before. */
  accepted(lease: TokenLease): void {
    const { applied, target } = lease;
    if (!applied) return;
    lease.applyWait = null;
    lease.failures = 0;
    if (applied === lease.newest) answer(lease, { ok: true, grant: applied }, 'applied');
    if (!isRenewal(applied.cause)) return;
    const tookMs = Math.round(elapsedMs(this.#options.clock, applied.wantedAt));
    this.#options.report({ type: 'renewed', target, cause: applied.cause, lifetimeMs: applied.lifeMs, tookMs });
  }

  #conclude(lease: TokenLease, grant: Grant, outcome: ApplyOutcome): void {
    if (!this.#hooks.isCurrent(lease)) return;
    const wasLate = lease.stale.has(grant.serial);
    if (outcome.kind === 'unanswered') unanswered(lease, grant);
    else if (settle(lease, grant, endOf(outcome))) this.accepted(lease);
    if (outcome.kind === 'applied' || wasLate) return;
    if (outcome.kind === 'later') lease.applyWait = this.#wait(LATER_MS);
    else this.#failed(lease, outcome);
  }

  #failed(lease: TokenLease, outcome: ApplyOutcome & { failure: TokenFailure }): void {
    const { random, retry, report } = this.#options;
    lease.failures += 1;
    const retryInMs = Math.min(LONGEST_WAIT_MS, retryDelayMs(lease.failures, random(), retry));
    if (outcome.kind === 'refused') this.#hooks.ask(lease, 'rejected', retryInMs);
    else lease.applyWait = this.#wait(retryInMs);
    const { failure } = outcome;
    answer(lease, { ok: false, failure }, 'applied');
    report({ type: 'tokenFailed', target: lease.target, failure, attempt: lease.failures, retryInMs });
  }

  #wait(ms: number): TokenLease['applyWait'] {
    return { since: instant(this.#options.clock), ms };
  }
}

function causeOfNewest({ newest, spent }: TokenLease): RenewalCause {
  if (!newest || newest.serial <= (spent?.serial ?? 0)) return 'rejected';
  return isRenewal(newest.cause) ? newest.cause : 'schedule';
}

function endOf({ kind }: ApplyOutcome): 'accepted' | 'refused' | 'unproven' {
  if (kind === 'applied') return 'accepted';
  return kind === 'refused' ? 'refused' : 'unproven';
}
