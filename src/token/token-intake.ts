import type { Clock, Instant } from '../environment/clock.js';
import type { GrantVerdict } from './grant-check.js';
import type { RefreshPolicy } from './refresh-schedule.js';
import { type RetryPolicy, requestDelayMs } from './retry-schedule.js';
import type { TokenEvent } from './token-event.js';
import type { ExchangeRequest, ExchangeResult } from './token-exchange.js';
import type { TokenFailure } from './token-failure.js';
import { answer, isRenewal, lifeLeftMs, plannedAgeMs, type TokenLease, waitOf } from './token-lease.js';

/** With what the outcome of requests is taken, and who is told. */
export interface IntakeOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly refresh: RefreshPolicy;
  readonly retry: RetryPolicy;
  /** The next grant's serial; it never falls, also not from one keeper to the next. */
  nextSerial(): number;
  report(event: TokenEvent): void;
}

/** What the leases of one request have in common. */
interface Round extends IntakeOptions {
  readonly draw: number;
  readonly sentAt: Instant;
}

/** Takes what a request has brought into the leases that it was for: tokens with their schedule, failures with their patience. */
export function takeIn(
  request: ExchangeRequest,
  { failure, verdicts }: ExchangeResult,
  isKept: (lease: TokenLease) => boolean,
  options: IntakeOptions,
): void {
  const round: Round = { ...options, draw: options.random(), sentAt: request.timeout.since };
  const refused = failure !== null && failure.kind !== 'transient' && request.leases.length > 1;
  for (const [index, lease] of request.leases.entries()) {
    if (!isKept(lease)) continue;
    // Nobody is refused for the company they kept: each one that was wanted is asked for again, alone until it succeeds.
    if (refused) lease.alone = lease.ask.is === 'wanted';
    const verdict = failure ? { ok: false as const, failure } : verdicts[index];
    if (verdict?.ok) grantTo(lease, verdict, round);
    else if (verdict && !refused) fail(lease, verdict.failure, round);
  }
}

function grantTo(lease: TokenLease, { token, lifeMs, warning }: GrantVerdict & { ok: true }, round: Round): void {
  const { refresh, nextSerial, report, draw, sentAt } = round;
  if (warning) report({ type: 'warning', message: warning });
  // One that only joined the request of another has its own reason: its turn would have come.
  const { cause, since } = lease.ask.is === 'wanted' ? lease.ask : { cause: 'schedule' as const, since: sentAt };
  const grant = { serial: nextSerial(), token, sentAt, lifeMs, cause, wantedAt: since };
  lease.newest = grant;
  lease.dueAgeMs = plannedAgeMs(lifeMs, cause, draw, refresh);
  lease.ask = { is: 'content' };
  lease.alone = false;
  lease.probes = 0;
  answer(lease, { ok: true, grant }, 'token');
  report({ type: 'granted', target: lease.target });
}

function fail(lease: TokenLease, failure: TokenFailure, { clock, retry, report, draw }: Round): void {
  const { ask, newest } = lease;
  if (ask.is !== 'wanted') return;
  lease.failures += 1;
  const denied = failure.kind === 'denied';
  const final = denied || (failure.kind === 'unusable' && !isRenewal(ask.cause));
  const remainingMs = newest ? lifeLeftMs(newest, clock) : null;
  const { failures } = lease;
  const { retryAfterMs = 0 } = failure;
  const retryInMs = final ? null : requestDelayMs({ failures, draw, remainingMs, retryAfterMs }, retry);
  if (retryInMs !== null) ask.wait = waitOf(clock, retryInMs);
  else lease.ask = denied ? { is: 'denied', failure } : { is: 'content' };
  answer(lease, { ok: false, failure }, final ? 'token' : 'applied');
  report({ type: 'tokenFailed', target: lease.target, failure, attempt: failures, retryInMs });
}
