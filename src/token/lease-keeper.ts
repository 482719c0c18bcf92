import { elapsedMs } from '../environment/clock.js';
import { Leases } from './leases.js';
import { type BatchDoubt, doubtAfter, failedFor, nextRequest } from './next-request.js';
import { LONGEST_TIMER_MS, SDK_WARNING_MS } from './refresh-schedule.js';
import { give, loginStands, settle, spendHeld, unanswered, usableGrant } from './supersession.js';
import type { Taken, TargetTokens } from './target-tokens.js';
import { rowOf } from './targets.js';
import { type ApplierOptions, TokenApplier } from './token-applier.js';
import { type ExchangeOptions, type ExchangeRequest, type ExchangeResult, exchange } from './token-exchange.js';
import { type IntakeOptions, takeIn } from './token-intake.js';
import {
  dueInMs,
  isRenewal,
  isTooSoon,
  leftMs,
  lifeLeftMs,
  type Obtained,
  type RequestCause,
  type TokenLease,
  type Wait,
  type Waiter,
  waitOf,
} from './token-lease.js';
import { requestTimedOut } from './token-request.js';
import type { TokenTarget } from './token-source.js';

/** What a keeper works with. It knows nothing of Agora's SDK: tokens come from `source` and go to `apply`. */
export interface LeaseKeeperOptions extends ApplierOptions, ExchangeOptions, IntakeOptions {}

/** Renewals after sleep, after an outage and at reconnection wait up to this long, so that clients do not come all at once. */
const SPREAD_MS = 5_000;

/**
 * Keeps the leases of one session: the one timer, the one request in flight, batching and backoff. Everything that must happen to a
 * token happens here, once.
 */
export class LeaseKeeper {
  readonly #options: LeaseKeeperOptions;
  readonly #leases: Leases;
  readonly #applier: TokenApplier;
  readonly #changed = new Set<TokenLease>();
  #inFlight: ExchangeRequest | null = null;
  #doubt: BatchDoubt = 'none';
  #timer: unknown = null;
  /** What the timer is set to. */
  #alarm: Wait | null = null;
  #allChanged = false;
  #isLooking = false;
  #closed = false;

  constructor(options: LeaseKeeperOptions) {
    this.#options = options;
    this.#leases = new Leases(options.clock, (lease) => this.look(lease));
    this.#applier = new TokenApplier(options, this.#leases);
  }

  /** The leases as they stand; for reading only. */
  get leases(): readonly Readonly<TokenLease>[] {
    return this.#leases.all();
  }

  /** The lease of a target, for reading only. */
  find(target: TokenTarget): Readonly<TokenLease> | undefined {
    return this.#leases.find(target);
  }

  /** Keeps a lease for each of these targets and for no other; new ones are asked for, and a request only for others is cancelled. */
  keep(targets: readonly TokenTarget[]): void {
    const leases = this.#leases;
    leases.retain(targets);
    for (const target of targets) {
      const isNew = !leases.find(target);
      const lease = leases.add(target);
      // The login says by itself what it needs its token for.
      if (isNew && rowOf(target).cause === 'join') leases.want(lease, 'join');
    }
    if (!this.#inFlight?.leases.some((lease) => leases.isKept(lease))) this.#abort();
    this.look();
  }

  /** The tokens of one target, for those who hand them to the SDK. */
  of(target: TokenTarget): TargetTokens {
    const change = (act: (lease: TokenLease) => unknown): void => {
      const lease = this.#leases.find(target);
      if (!lease) return;
      const before = lease.applied;
      act(lease);
      if (lease.applied && lease.applied !== before) this.#applier.accepted(lease, lease.applied);
      this.look(lease);
    };
    return {
      take: (cause) => this.#take(target, cause),
      give: (grant) => change((lease) => give(lease, grant)),
      settle: (grant, end) => change((lease) => settle(lease, grant, end)),
      unanswered: (grant) => change((lease) => unanswered(lease, grant)),
      stands: (grant) => change((lease) => loginStands(lease, grant)),
      spendHeld: () => change(spendHeld),
      pardon: () => change(pardon),
      clearApplied: () =>
        change((lease) => {
          lease.applied = null;
        }),
    };
  }

  /** As `take` of {@link of}, for one who can wait. Never rejects; stays pending while failures are retried. */
  async obtain(target: TokenTarget, cause: RequestCause): Promise<Obtained> {
    const lease = this.#leases.add(target);
    if (!isRenewal(cause)) pardon(lease);
    const taken = this.#take(target, cause);
    if (taken.is === 'ready' && taken.grant) return { ok: true, grant: taken.grant };
    return taken.is === 'denied' ? { ok: false, failure: taken.failure } : this.#wanted(lease, cause, 'token');
  }

  /** Renews every lease now, whatever their age; tells for each when the SDK has the new token or cannot take it yet. */
  async renewAll(): Promise<Obtained[]> {
    const renewed = this.#leases.all().map(async (lease) => {
      pardon(lease);
      const obtained = await this.#wanted(lease, 'manual', 'applied');
      return this.#leases.isKept(lease) ? [obtained] : [];
    });
    return (await Promise.all(renewed)).flat();
  }

  /** The SDK warned that a token is about to lapse. A lease that is known to be near its end keeps its schedule. */
  willExpire(target: TokenTarget): void {
    const { clock } = this.#options;
    const lease = this.#leases.find(target);
    if (!lease || lease.ask.is === 'denied' || lifeLeftMs(lease.newest, clock) <= SDK_WARNING_MS) return;
    if (!isTooSoon(lease, 'will-expire', clock)) this.#leases.want(lease, 'will-expire');
  }

  /** After sleep or an outage: renews what has fallen due, and ends waits that began in other circumstances; within 5 s. */
  check(cause: 'wake' | 'reconnected'): void {
    const { clock } = this.#options;
    const spread = this.#options.random();
    for (const lease of this.#leases.all()) {
      const waitMs = spread * Math.min(SPREAD_MS, lifeLeftMs(lease.newest, clock) / 2);
      const due = dueInMs(lease, clock) === 0 && !isTooSoon(lease, cause, clock);
      if (lease.ask.is === 'wanted' && leftMs(lease.ask.wait, clock) > waitMs) lease.ask.wait = waitOf(clock, waitMs);
      else if (due && lease.ask.is === 'content') this.#leases.want(lease, cause, { waitMs });
    }
    this.look();
  }

  /** The link is lost, and with it the answers of the calls that tokens were handed to. */
  linkLost(): void {
    for (const lease of this.#leases.all()) for (const grant of [...lease.given.values()]) unanswered(lease, grant);
    this.look();
  }

  /** The SDK has logged out: it works with no token, and no call from before means anything. */
  loggedOut(): void {
    for (const lease of this.#leases.all()) {
      lease.applied = null;
      lease.given.clear();
      lease.stale.clear();
    }
  }

  /** Stops for good: no timer and no request is left, and nothing is called back any more. */
  close(): void {
    this.#closed = true;
    this.#leases.retain([]);
    this.#abort();
    this.#options.clock.clearTimeout(this.#timer);
  }

  /** Looks at a lease anew, or at all of them, in the next microtask, so that wants that come together leave together. */
  look(lease?: TokenLease): void {
    if (lease) this.#changed.add(lease);
    else this.#allChanged = true;
    if (this.#isLooking) return;
    this.#isLooking = true;
    queueMicrotask(() => {
      this.#isLooking = false;
      this.#act();
    });
  }

  /** Does what is due. What happens to one lease costs nothing for the others, until the timer would look at them anyway. */
  #act(): void {
    if (this.#closed) return;
    const { clock, report } = this.#options;
    // A timer that is late sleeps: whatever wakes us does its work.
    if (this.#allChanged || leftMs(this.#alarm, clock) === 0) this.#alarm = null;
    const changed = this.#alarm ? [...this.#changed] : this.#leases.all();
    const leases = changed.filter((lease) => this.#leases.isKept(lease));
    this.#changed.clear();
    this.#allChanged = false;
    const request = this.#inFlight;
    if (request && leftMs(request.timeout, clock) === 0) {
      request.controller.abort();
      this.#conclude(request, { failure: requestTimedOut(request.timeout.ms), verdicts: [] });
    }
    for (const lease of leases) {
      if (lease.ask.is === 'content' && dueInMs(lease, clock) === 0) this.#leases.want(lease, 'schedule');
    }
    if (!this.#inFlight && leases.some(({ ask }) => ask.is === 'wanted')) this.#send();
    for (const lease of leases) this.#applier.apply(lease);
    this.#arm(leases);
    report({ type: 'tokens' });
  }

  #send(): void {
    const { clock, source, retry, report } = this.#options;
    const next = nextRequest(this.#leases.all(), clock, this.#doubt);
    if (!next) return;
    const timeout = waitOf(clock, source.timeoutMs ?? retry.timeoutMs);
    const request = { ...next, timeout, controller: new AbortController() };
    this.#inFlight = request;
    void exchange(request, this.#options).then((result) => this.#conclude(request, result));
    report({ type: 'request', targets: targetsIn(request), cause: request.cause });
  }

  /** A late answer of a request that was given up changes nothing. */
  #conclude(request: ExchangeRequest, result: ExchangeResult): void {
    if (this.#inFlight !== request) return;
    this.#inFlight = null;
    this.#options.report({
      type: 'answer',
      targets: targetsIn(request),
      tookMs: Math.round(elapsedMs(this.#options.clock, request.timeout.since)),
      tokens: result.verdicts.filter(({ ok }) => ok).length,
      code: result.failure?.code ?? null,
    });
    const { failure } = result;
    const shown = { together: request.leases.length > 1, failed: failure?.kind === 'transient' };
    const { doubt, splits } = doubtAfter(this.#doubt, shown);
    const failed = shown.failed ? failedFor(request.leases, this.#leases.all(), this.#doubt) : request.leases;
    if (failed !== request.leases) for (const lease of request.leases) lease.probes += 1;
    takeIn({ ...request, leases: failed }, result, (lease) => this.#leases.isKept(lease), this.#options);
    if (splits) for (const lease of request.leases) lease.alone = lease.ask.is === 'wanted';
    if (this.#doubt === 'probe' && doubt === 'trial') {
      for (const { ask, alone } of this.#leases.all()) if (ask.is === 'wanted' && !alone) ask.wait = null;
    }
    this.#doubt = doubt;
    this.look();
  }

  #abort(): void {
    this.#inFlight?.controller.abort();
    this.#inFlight = null;
  }

  /** Sets the one timer to what comes next, unless it fires before that, and to a minute from now at the latest. */
  #arm(leases: readonly TokenLease[]): void {
    const { clock } = this.#options;
    const requestMs = this.#inFlight ? leftMs(this.#inFlight.timeout, clock) : Number.POSITIVE_INFINITY;
    const nextMs = Math.min(requestMs, ...leases.map((lease) => this.#nextMs(lease)));
    if (this.#alarm && leftMs(this.#alarm, clock) <= nextMs) return;
    clock.clearTimeout(this.#timer);
    if (nextMs === Number.POSITIVE_INFINITY) return;
    // Rounded up, or a remainder below the timer's resolution would make it fire too early again and again.
    this.#alarm = waitOf(clock, Math.ceil(Math.min(nextMs, LONGEST_TIMER_MS)));
    this.#timer = clock.setTimeout(() => {
      this.#alarm = null;
      this.#act();
    }, this.#alarm.ms);
  }

  #nextMs(lease: TokenLease): number {
    const { clock } = this.#options;
    const applyMs = leftMs(lease.applyWait, clock) || Number.POSITIVE_INFINITY;
    if (lease.ask.is !== 'wanted') return Math.min(applyMs, dueInMs(lease, clock));
    // What is wanted while a request is in flight is looked at when that one ends.
    return this.#inFlight ? applyMs : Math.min(applyMs, leftMs(lease.ask.wait, clock));
  }

  #wanted(lease: TokenLease, cause: RequestCause, until: Waiter['until']): Promise<Obtained> {
    return new Promise((resolve) => {
      lease.waiters.push({ until, resolve });
      this.#leases.want(lease, cause);
    });
  }

  #take(target: TokenTarget, cause: RequestCause): Taken {
    const lease = this.#leases.find(target);
    if (!lease) return { is: 'coming' };
    const grant = usableGrant(lease, this.#options.clock);
    if (grant) return { is: 'ready', grant };
    if (lease.ask.is === 'denied') return { is: 'denied', failure: lease.ask.failure };
    this.#leases.want(lease, cause, { keepsWait: true });
    return { is: 'coming' };
  }
}

function pardon(lease: TokenLease): void {
  if (lease.ask.is === 'denied') lease.ask = { is: 'content' };
}

function targetsIn({ leases }: ExchangeRequest): TokenTarget[] {
  return leases.map(({ target }) => target);
}
