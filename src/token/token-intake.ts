import { type Clock, instant } from '../environment/clock.js';
import type { GrantVerdict } from './grant-check.js';
import type { RefreshPolicy } from './refresh-schedule.js';
import { type RetryPolicy, requestDelayMs } from './retry-schedule.js';
import type { TokenEvent } from './token-event.js';
import type { ExchangeRequest, ExchangeResult } from './token-exchange.js';
import type { TokenFailure } from './token-failure.js';
import { answer, isRenewal, lifeLeftMs, plannedAgeMs, type TokenLease } from './token-lease.js';

/** With what the outcome of requests is taken, and who is told. */
export interface TokenIntakeOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly refresh: RefreshPolicy;
  readonly retry: RetryPolicy;
  /** The next grant's serial; it never falls, also not from one keeper to the next. */
  nextSerial(): number;
  /** Whether a lease is still kept. */
  isCurrent(lease: TokenLease): boolean;
  report(event: TokenEvent): void;
}

/** Takes what a request has brought into the leases that it was for: tokens with their schedule, failures with their patience. */
export class TokenIntake {
  readonly #options: TokenIntakeOptions;

  constructor(options: TokenIntakeOptions) {
    this.#options = options;
  }

  take({ request, failure, verdicts }: ExchangeResult): void {
    const { random, isCurrent } = this.#options;
    const draw = random();
    const refused = failure !== null && failure.kind !== 'transient' && request.leases.length > 1;
    for (const [index, lease] of request.leases.entries()) {
      const verdict = verdicts[index];
      if (!verdict || !isCurrent(lease)) continue;
      // Nobody is refused for the company they kept: each one that was wanted is asked for again, alone.
      if (refused) lease.alone = lease.ask.is === 'wanted';
      else if (verdict.ok) this.#grant(lease, verdict, request, draw);
      else this.#fail(lease, verdict.failure, draw);
    }
  }

  #grant(lease: TokenLease, verdict: GrantVerdict & { ok: true }, request: ExchangeRequest, draw: number): void {
    const { refresh, nextSerial, report } = this.#options;
    const { token, lifeMs, warning } = verdict;
    if (warning) report({ type: 'warning', message: warning });
    // One that only joined the request of another has its own reason: its turn would have come.
    const { cause, since } =
      lease.ask.is === 'wanted' ? lease.ask : { cause: 'schedule' as const, since: request.sentAt };
    const grant = { serial: nextSerial(), token, sentAt: request.sentAt, lifeMs, cause, wantedAt: since };
    lease.newest = grant;
    lease.dueAgeMs = plannedAgeMs(lifeMs, cause, draw, refresh);
    lease.ask = { is: 'content' };
    lease.alone = false;
    answer(lease, { ok: true, grant }, 'token');
    report({ type: 'granted', target: lease.target });
  }

  #fail(lease: TokenLease, failure: TokenFailure, draw: number): void {
    const { clock, report } = this.#options;
    lease.alone = false;
    const { ask } = lease;
    if (ask.is !== 'wanted') return;
    lease.failures += 1;
    const final = failure.kind === 'denied' || (failure.kind === 'unusable' && !isRenewal(ask.cause));
    const retryInMs = final ? null : this.#retryDelay(lease, failure, draw);
    if (failure.kind === 'denied') lease.ask = { is: 'denied', failure };
    else if (retryInMs === null) lease.ask = { is: 'content' };
    else ask.wait = { since: instant(clock), ms: retryInMs };
    answer(lease, { ok: false, failure }, final ? 'token' : 'applied');
    report({ type: 'tokenFailed', target: lease.target, failure, attempt: lease.failures, retryInMs });
  }

  #retryDelay({ failures, newest }: TokenLease, { retryAfterMs }: TokenFailure, draw: number): number {
    const { retry, clock } = this.#options;
    const remainingMs = newest ? lifeLeftMs(newest, clock) : null;
    return requestDelayMs({ failures, draw, remainingMs, retryAfterMs: retryAfterMs ?? 0 }, retry);
  }
}
