import { instant } from '../environment/clock.js';
import type { GrantVerdict } from './grant-check.js';
import { LONGEST_TIMER_MS, type RefreshPolicy, SDK_WARNING_MS } from './refresh-schedule.js';
import { beforeLapseMs, honouredRetryAfterMs, retryDelayMs } from './retry-schedule.js';
import { type ApplierOptions, TokenApplier } from './token-applier.js';
import { type ExchangeRequest, type ExchangeResult, TokenExchange } from './token-exchange.js';
import type { TokenFailure } from './token-failure.js';
import {
  answer,
  dueInMs,
  forget,
  isRenewal,
  isTooSoon,
  leftMs,
  mayJoinRequest,
  newest,
  newLease,
  type Obtained,
  plannedAgeMs,
  type RequestCause,
  remainingMs,
  type TokenLease,
  targetKey,
  usableToken,
  type Wait,
  type Waiter,
} from './token-lease.js';
import type { TokenSource, TokenTarget } from './token-source.js';

/** What a keeper works with. It knows nothing of Agora's SDK: tokens come from `source` and go to `apply`. */
export interface LeaseKeeperOptions extends ApplierOptions {
  readonly appId: string;
  readonly userId: string;
  readonly source: TokenSource;
  readonly refresh: RefreshPolicy;
  /** Something that {@link LeaseKeeper.leases} shows may have changed. */
  onChange(): void;
  warn(message: string): void;
}

/** Renewals after sleep, after an outage and at reconnection wait up to this long, so that clients do not come all at once. */
const SPREAD_MS = 5_000;

/**
 * Keeps the leases of one session: the one timer, the one request in flight, batching and backoff. Everything that must happen to a
 * token happens here, once.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #exchange: TokenExchange;
  readonly #applier: TokenApplier;
  readonly #leases = new Map<string, TokenLease>();
  #timer: unknown = null;
  #wants = 0;
  #pumping = false;
  #closed = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#applier = new TokenApplier(options);
    this.#exchange = new TokenExchange({
      ...options,
      timeoutMs: options.retry.timeoutMs,
      onResult: (result) => this.#settle(result),
    });
  }

  /** The leases as they stand; for reading only. */
  get leases(): readonly Readonly<TokenLease>[] {
    return [...this.#leases.values()];
  }

  /** The lease of a target, for reading only. */
  find(target: TokenTarget): Readonly<TokenLease> | undefined {
    return this.#leases.get(targetKey(target));
  }

  /**
   * Gives a token for a login or join: the newest one if it can still be used, else a fresh one. Never rejects; stays pending while
   * failures are retried.
   */
  obtain(target: TokenTarget, cause: RequestCause): Promise<Obtained> {
    const lease = this.#lease(target);
    const token = usableToken(lease, this.#options.clock);
    if (token) return Promise.resolve({ ok: true, token: token.token });
    if (!isRenewal(cause)) lease.denial = null;
    if (lease.denial) return Promise.resolve({ ok: false, failure: lease.denial });
    return this.#wanted(lease, cause, 'token');
  }

  /** Renews every lease now, whatever their age; tells for each when the SDK has the new token or cannot take it yet. */
  renewAll(): Promise<Obtained[]> {
    const renewed = [...this.#leases.values()].map(async (lease) => {
      lease.denial = null;
      const obtained = await this.#wanted(lease, 'manual', 'applied');
      return this.#isCurrent(lease) ? [obtained] : [];
    });
    return Promise.all(renewed).then((results) => results.flat());
  }

  /** The SDK warned that a token is about to lapse. A lease that is known to be near its end keeps its schedule. */
  willExpire(target: TokenTarget): void {
    const lease = this.#leases.get(targetKey(target));
    if (!lease || lease.denial || remainingMs(lease, this.#options.clock) <= SDK_WARNING_MS) return;
    if (!isTooSoon(lease, 'will-expire', this.#options.clock)) this.#want(lease, 'will-expire', 0);
  }

  /** After sleep or an outage: renews what has fallen due, and ends waits that began in other circumstances; within 5 s. */
  check(cause: 'wake' | 'reconnected'): void {
    const { clock } = this.#options;
    const spread = this.#options.random();
    for (const lease of this.#leases.values()) {
      const spreadMs = spread * Math.min(SPREAD_MS, remainingMs(lease, clock) / 2);
      const due = dueInMs(lease, clock) === 0 && !isTooSoon(lease, cause, clock);
      if (lease.want && leftMs(lease.want.wait, clock) > spreadMs) lease.want.wait = this.#wait(spreadMs);
      else if (due && !lease.want) this.#want(lease, cause, spreadMs);
    }
    this.pump();
  }

  /** The SDK refused this token, or it lapsed: it is not used again. */
  spend(target: TokenTarget, token: string): void {
    const lease = this.#lease(target);
    lease.spent = token;
    if (lease.held?.token === token) lease.held = null;
  }

  /** The SDK accepted this token in a login or join. */
  confirm(target: TokenTarget, token: string): void {
    const lease = this.#leases.get(targetKey(target));
    if (!lease) return;
    lease.failures = 0;
    if (lease.held?.token === token) this.#applier.accepted(lease);
    this.pump();
  }

  /** Forgets a target; a request that was only for it is cancelled. */
  release(target: TokenTarget): void {
    const lease = this.#leases.get(targetKey(target));
    this.#leases.delete(targetKey(target));
    if (lease) forget(lease);
    this.#exchange.abort((leases) => !leases.some((lease) => this.#isCurrent(lease)));
    this.pump();
  }

  /** Stops for good: no timer and no request is left, and nothing is called back any more. */
  close(): void {
    this.#closed = true;
    for (const lease of this.#leases.values()) forget(lease);
    this.#leases.clear();
    this.#exchange.abort();
    this.#options.clock.clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Looks at everything anew, in the next microtask, so that wants that come together leave together. */
  pump(): void {
    if (this.#pumping || this.#closed) return;
    this.#pumping = true;
    queueMicrotask(() => {
      this.#pumping = false;
      this.#act();
    });
  }

  #act(): void {
    if (this.#closed) return;
    this.#exchange.expire();
    for (const lease of this.#leases.values()) {
      if (!lease.want && dueInMs(lease, this.#options.clock) === 0) this.#setWant(lease, 'schedule', 0);
    }
    if (!this.#exchange.busy) this.#send();
    for (const lease of this.#leases.values()) {
      this.#applier.apply(
        lease,
        (retryInMs) => this.#refused(lease, retryInMs),
        () => this.pump(),
      );
    }
    this.#arm();
    this.#options.onChange();
  }

  #send(): void {
    const { clock } = this.#options;
    const leases = [...this.#leases.values()];
    const ready = leases.filter((lease) => lease.want && leftMs(lease.want.wait, clock) === 0);
    const first = ready.sort((a, b) => (a.want?.order ?? 0) - (b.want?.order ?? 0))[0];
    if (!first?.want) return;
    const together = leases.filter((lease) => !lease.alone && (lease.want || mayJoinRequest(lease, clock)));
    this.#exchange.send(first.alone ? [first] : together, first.want.cause);
  }

  #settle({ request, failure, verdicts }: ExchangeResult): void {
    const draw = this.#options.random();
    const denied = failure?.kind === 'denied' && request.leases.length > 1;
    for (const [index, lease] of request.leases.entries()) {
      const verdict = verdicts[index];
      if (!verdict || !this.#isCurrent(lease)) continue;
      // Nobody is denied for the company they kept: each one that was wanted is asked for again, alone.
      if (denied) lease.alone = lease.want !== null;
      else if (verdict.ok) this.#grant(lease, verdict, request, draw);
      else this.#fail(lease, verdict.failure, draw);
    }
    this.pump();
  }

  #grant(lease: TokenLease, grant: GrantVerdict & { ok: true }, request: ExchangeRequest, draw: number): void {
    const { token, lifeMs, warning } = grant;
    const { cause, since } = lease.want ?? { cause: request.cause, since: request.sentAt };
    if (warning) this.#options.warn(warning);
    lease.held = { token, lifeMs, sentAt: request.sentAt, cause, wantedAt: since };
    lease.dueAgeMs = plannedAgeMs(lifeMs, cause, draw, this.#options.refresh);
    Object.assign(lease, { want: null, alone: false, denial: null });
    answer(lease, { ok: true, token }, 'token');
  }

  #fail(lease: TokenLease, failure: TokenFailure, draw: number): void {
    lease.alone = false;
    if (!lease.want) return;
    lease.failures += 1;
    const final = failure.kind === 'denied' || (failure.kind === 'unusable' && !isRenewal(lease.want.cause));
    const retryInMs = final ? null : this.#retryDelay(lease, failure, draw);
    if (failure.kind === 'denied') lease.denial = failure;
    if (retryInMs === null) lease.want = null;
    else lease.want.wait = this.#wait(retryInMs);
    answer(lease, { ok: false, failure }, final ? 'token' : 'applied');
    this.#options.onFailed({ target: lease.target, failure, attempt: lease.failures, retryInMs });
  }

  #retryDelay(lease: TokenLease, failure: TokenFailure, draw: number): number {
    const { retry, clock } = this.#options;
    const left = remainingMs(lease, clock);
    const delayMs = beforeLapseMs(retryDelayMs(lease.failures, draw, retry), left, retry);
    if (failure.retryAfterMs === undefined) return delayMs;
    return Math.max(delayMs, honouredRetryAfterMs(failure.retryAfterMs, newest(lease) ? left : 2 * retry.longestMs));
  }

  #refused(lease: TokenLease, retryInMs: number): void {
    if (!lease.held) return;
    this.spend(lease.target, lease.held.token);
    this.#setWant(lease, 'rejected', retryInMs);
  }

  /** Arms the one timer for whatever comes next, and for a minute from now at the latest. */
  #arm(): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timer);
    this.#timer = null;
    const nextMs = Math.min(this.#exchange.leftMs, ...[...this.#leases.values()].map((lease) => this.#nextMs(lease)));
    if (nextMs === Number.POSITIVE_INFINITY) return;
    // Rounded up, or a remainder below the timer's resolution would make it fire too early again and again.
    this.#timer = clock.setTimeout(() => this.#act(), Math.ceil(Math.min(nextMs, LONGEST_TIMER_MS)));
  }

  #nextMs(lease: TokenLease): number {
    const { clock } = this.#options;
    const applyMs = lease.held ? leftMs(lease.applyWait, clock) : 0;
    const laterMs = applyMs > 0 ? applyMs : Number.POSITIVE_INFINITY;
    if (!lease.want) return Math.min(laterMs, dueInMs(lease, clock));
    // What is wanted while a request is in flight is looked at when that one ends.
    return this.#exchange.busy ? laterMs : Math.min(laterMs, leftMs(lease.want.wait, clock));
  }

  #wanted(lease: TokenLease, cause: RequestCause, until: Waiter['until']): Promise<Obtained> {
    return new Promise((resolve) => {
      lease.waiters.push({ until, resolve });
      this.#want(lease, cause, 0);
    });
  }

  #want(lease: TokenLease, cause: RequestCause, waitMs: number): void {
    this.#setWant(lease, cause, waitMs);
    this.pump();
  }

  /** The first cause is kept; a want without a wait ends the wait of an earlier one. */
  #setWant(lease: TokenLease, cause: RequestCause, waitMs: number): void {
    const wait = waitMs > 0 ? this.#wait(waitMs) : null;
    if (!lease.want) lease.want = { cause, since: instant(this.#options.clock), order: this.#wants++, wait };
    else if (!wait) lease.want.wait = null;
  }

  #wait(ms: number): Wait {
    return { since: instant(this.#options.clock), ms };
  }

  #lease(target: TokenTarget): TokenLease {
    const key = targetKey(target);
    const lease = this.#leases.get(key) ?? newLease(target);
    this.#leases.set(key, lease);
    return lease;
  }

  #isCurrent(lease: TokenLease): boolean {
    return this.#leases.get(targetKey(lease.target)) === lease;
  }
}
