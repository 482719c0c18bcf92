import { elapsedMs, instant } from '../environment/clock.js';
import { nextRequest } from './next-request.js';
import { LONGEST_TIMER_MS, SDK_WARNING_MS } from './refresh-schedule.js';
import { give, loginStands, settle, spendHeld, unanswered, usableGrant } from './supersession.js';
import type { Taken, TargetTokens } from './target-tokens.js';
import { keyOf, rowOf } from './targets.js';
import { type ApplierOptions, TokenApplier } from './token-applier.js';
import { type ExchangeResult, TokenExchange } from './token-exchange.js';
import { TokenIntake, type TokenIntakeOptions } from './token-intake.js';
import {
  type Ask,
  dueInMs,
  forget,
  isRenewal,
  isTooSoon,
  leftMs,
  lifeLeftMs,
  newLease,
  type Obtained,
  type RequestCause,
  type TokenLease,
  type Wait,
  type Waiter,
} from './token-lease.js';
import type { TokenSource, TokenTarget } from './token-source.js';

/** What a keeper works with. It knows nothing of Agora's SDK: tokens come from `source` and go to `apply`. */
export interface LeaseKeeperOptions extends ApplierOptions, Omit<TokenIntakeOptions, 'isCurrent'> {
  readonly appId: string;
  readonly userId: string;
  readonly source: TokenSource;
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
  readonly #intake: TokenIntake;
  readonly #leases = new Map<string, TokenLease>();
  #timer: unknown = null;
  #wants = 0;
  #pumping = false;
  #closed = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#applier = new TokenApplier(options, {
      isCurrent: (lease) => this.#isCurrent(lease),
      ask: (lease, cause, waitMs) => {
        if (lease.ask.is === 'content') this.#want(lease, cause, waitMs);
      },
      look: () => this.pump(),
    });
    this.#intake = new TokenIntake({ ...options, isCurrent: (lease) => this.#isCurrent(lease) });
    this.#exchange = new TokenExchange({
      ...options,
      timeoutMs: options.retry.timeoutMs,
      onResult: (result) => {
        this.#told(result);
        this.#intake.take(result);
        this.pump();
      },
    });
  }

  /** The leases as they stand; for reading only. */
  get leases(): readonly Readonly<TokenLease>[] {
    return [...this.#leases.values()];
  }

  /** The lease of a target, for reading only. */
  find(target: TokenTarget): Readonly<TokenLease> | undefined {
    return this.#leases.get(keyOf(target));
  }

  /** Keeps a lease for each of these targets and for no other; new ones are asked for, and a request only for others is cancelled. */
  keep(targets: readonly TokenTarget[]): void {
    const wanted = new Set(targets.map(keyOf));
    for (const [key, lease] of this.#leases) {
      if (wanted.has(key)) continue;
      this.#leases.delete(key);
      forget(lease);
    }
    for (const target of targets) {
      const isNew = !this.#leases.has(keyOf(target));
      const lease = this.#lease(target);
      // The login says by itself what it needs its token for.
      if (isNew && rowOf(target).cause === 'join') this.#setWant(lease, 'join', 0);
    }
    this.#exchange.abort((leases) => !leases.some((lease) => this.#isCurrent(lease)));
    this.pump();
  }

  /** The tokens of one target, for those who hand them to the SDK. */
  of(target: TokenTarget): TargetTokens {
    const change = (act: (lease: TokenLease) => unknown): void => {
      const lease = this.#leases.get(keyOf(target));
      if (!lease) return;
      const before = lease.applied;
      act(lease);
      if (lease.applied && lease.applied !== before) this.#applier.accepted(lease);
      this.pump();
    };
    return {
      take: (cause) => this.#take(target, cause),
      give: (grant) => change((lease) => give(lease, grant)),
      settle: (grant, end) => change((lease) => settle(lease, grant, end)),
      unanswered: (grant) => change((lease) => unanswered(lease, grant)),
      stands: (grant) => change((lease) => loginStands(lease, grant)),
      spendHeld: () => change(spendHeld),
      clearApplied: () =>
        change((lease) => {
          lease.applied = null;
        }),
    };
  }

  /** As `take` of {@link of}, for one who can wait. Never rejects; stays pending while failures are retried. */
  obtain(target: TokenTarget, cause: RequestCause): Promise<Obtained> {
    const lease = this.#lease(target);
    if (!isRenewal(cause)) this.#pardon(lease);
    const taken = this.#take(target, cause);
    if (taken.is === 'ready' && taken.grant) return Promise.resolve({ ok: true, grant: taken.grant });
    if (taken.is === 'denied') return Promise.resolve({ ok: false, failure: taken.failure });
    return this.#wanted(lease, cause, 'token');
  }

  /** The app's word: a target that was denied may be asked for again. */
  pardon(target: TokenTarget): void {
    const lease = this.#leases.get(keyOf(target));
    if (lease) this.#pardon(lease);
  }

  /** Renews every lease now, whatever their age; tells for each when the SDK has the new token or cannot take it yet. */
  renewAll(): Promise<Obtained[]> {
    const renewed = [...this.#leases.values()].map(async (lease) => {
      this.#pardon(lease);
      const obtained = await this.#wanted(lease, 'manual', 'applied');
      return this.#isCurrent(lease) ? [obtained] : [];
    });
    return Promise.all(renewed).then((results) => results.flat());
  }

  /** The SDK warned that a token is about to lapse. A lease that is known to be near its end keeps its schedule. */
  willExpire(target: TokenTarget): void {
    const { clock } = this.#options;
    const lease = this.#leases.get(keyOf(target));
    if (!lease || lease.ask.is === 'denied' || lifeLeftMs(lease.newest, clock) <= SDK_WARNING_MS) return;
    if (!isTooSoon(lease, 'will-expire', clock)) this.#want(lease, 'will-expire', 0);
  }

  /** After sleep or an outage: renews what has fallen due, and ends waits that began in other circumstances; within 5 s. */
  check(cause: 'wake' | 'reconnected'): void {
    const { clock } = this.#options;
    const spread = this.#options.random();
    for (const lease of this.#leases.values()) {
      const spreadMs = spread * Math.min(SPREAD_MS, lifeLeftMs(lease.newest, clock) / 2);
      const due = dueInMs(lease, clock) === 0 && !isTooSoon(lease, cause, clock);
      if (lease.ask.is === 'wanted' && leftMs(lease.ask.wait, clock) > spreadMs) lease.ask.wait = this.#wait(spreadMs);
      else if (due && lease.ask.is === 'content') this.#want(lease, cause, spreadMs);
    }
    this.pump();
  }

  /** The link is lost, and with it the answers of the calls that tokens were handed to. */
  linkLost(): void {
    for (const lease of this.#leases.values()) for (const grant of [...lease.given.values()]) unanswered(lease, grant);
    this.pump();
  }

  /** The SDK has logged out: it works with no token, and no call from before means anything. */
  loggedOut(): void {
    for (const lease of this.#leases.values()) {
      lease.applied = null;
      lease.given.clear();
      lease.stale.clear();
    }
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
      if (lease.ask.is === 'content' && dueInMs(lease, this.#options.clock) === 0) this.#setWant(lease, 'schedule', 0);
    }
    if (!this.#exchange.busy) this.#send();
    for (const lease of this.#leases.values()) this.#applier.apply(lease);
    this.#arm();
    this.#options.report({ type: 'tokens' });
  }

  #send(): void {
    const next = nextRequest([...this.#leases.values()], this.#options.clock);
    if (!next) return;
    this.#exchange.send(next.leases, next.cause);
    this.#options.report({ type: 'request', targets: targetsIn(next.leases), cause: next.cause });
  }

  #told({ request, failure, verdicts }: ExchangeResult): void {
    this.#options.report({
      type: 'answer',
      targets: targetsIn(request.leases),
      tookMs: Math.round(elapsedMs(this.#options.clock, request.sentAt)),
      tokens: verdicts.filter(({ ok }) => ok).length,
      code: failure?.code ?? null,
    });
  }

  /** Arms the one timer for whatever comes next, and for a minute from now at the latest. */
  #arm(): void {
    const { clock } = this.#options;
    clock.clearTimeout(this.#timer);
    this.#timer = null;
    let nextMs = this.#exchange.leftMs;
    for (const lease of this.#leases.values()) nextMs = Math.min(nextMs, this.#nextMs(lease));
    if (nextMs === Number.POSITIVE_INFINITY) return;
    // Rounded up, or a remainder below the timer's resolution would make it fire too early again and again.
    this.#timer = clock.setTimeout(() => this.#act(), Math.ceil(Math.min(nextMs, LONGEST_TIMER_MS)));
  }

  #nextMs(lease: TokenLease): number {
    const { clock } = this.#options;
    const applyMs = leftMs(lease.applyWait, clock);
    const laterMs = applyMs > 0 ? applyMs : Number.POSITIVE_INFINITY;
    if (lease.ask.is !== 'wanted') return Math.min(laterMs, dueInMs(lease, clock));
    // What is wanted while a request is in flight is looked at when that one ends.
    return this.#exchange.busy ? laterMs : Math.min(laterMs, leftMs(lease.ask.wait, clock));
  }

  #wanted(lease: TokenLease, cause: RequestCause, until: Waiter['until']): Promise<Obtained> {
    return new Promise((resolve) => {
      lease.waiters.push({ until, resolve });
      this.#want(lease, cause, 0);
    });
  }

  #want(lease: TokenLease, cause: RequestCause, waitMs: number, { keepsWait = false } = {}): void {
    this.#setWant(lease, cause, waitMs, keepsWait);
    this.pump();
  }

  /** The first cause is kept; a want without a wait ends the wait of an earlier one, unless it only looks again. */
  #setWant(lease: TokenLease, cause: RequestCause, waitMs: number, keepsWait = false): void {
    const wait = waitMs > 0 ? this.#wait(waitMs) : null;
    const order = this.#wants++;
    if (lease.ask.is !== 'wanted')
      lease.ask = { is: 'wanted', cause, since: instant(this.#options.clock), order, wait };
    else if (!wait && !keepsWait) lease.ask.wait = null;
  }

  #pardon(lease: TokenLease): void {
    if (lease.ask.is === 'denied') lease.ask = CONTENT;
  }

  #take(target: TokenTarget, cause: RequestCause): Taken {
    const lease = this.#leases.get(keyOf(target));
    if (!lease) return { is: 'coming' };
    const grant = usableGrant(lease, this.#options.clock);
    if (grant) return { is: 'ready', grant };
    if (lease.ask.is === 'denied') return { is: 'denied', failure: lease.ask.failure };
    this.#want(lease, cause, 0, { keepsWait: true });
    return { is: 'coming' };
  }

  #wait(ms: number): Wait {
    return { since: instant(this.#options.clock), ms };
  }

  #lease(target: TokenTarget): TokenLease {
    const key = keyOf(target);
    const lease = this.#leases.get(key) ?? newLease(target);
    this.#leases.set(key, lease);
    return lease;
  }

  #isCurrent(lease: TokenLease): boolean {
    return this.#leases.get(keyOf(lease.target)) === lease;
  }
}

const CONTENT: Ask = { is: 'content' };

function targetsIn(leases: readonly TokenLease[]): TokenTarget[] {
  return leases.map(({ target }) => target);
}
