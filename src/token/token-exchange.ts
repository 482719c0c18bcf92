import { type Clock, type Instant, instant } from '../environment/clock.js';
import { checkGrant, type GrantVerdict } from './grant-check.js';
import { askFor, rowOf } from './targets.js';
import { isErrorLike } from './thrown.js';
import type { TokenFailure } from './token-failure.js';
import { type Grant, leftMs, type RequestCause, type TokenLease, type Wait } from './token-lease.js';
import { describeFailure, type RequestOutcome, requestTimedOut, requestTokens } from './token-request.js';
import type { TokenSource } from './token-source.js';

/** One request: the leases it asks for, why, and since when. */
export interface ExchangeRequest {
  readonly leases: readonly TokenLease[];
  readonly cause: RequestCause;
  readonly sentAt: Instant;
}

/** How a request ended: as a whole, and for each of its leases in their order. */
export interface ExchangeResult {
  readonly request: ExchangeRequest;
  /** Why the request as a whole failed; null when an answer came. */
  readonly failure: TokenFailure | null;
  readonly verdicts: readonly GrantVerdict[];
}

interface ExchangeOptions {
  readonly appId: string;
  readonly userId: string;
  readonly source: TokenSource;
  readonly timeoutMs: number;
  readonly clock: Clock;
  onResult(result: ExchangeResult): void;
}

interface InFlight extends ExchangeRequest {
  readonly timeout: Wait;
  readonly controller: AbortController;
}

/** Talks to the token source, one request at a time, and checks what it gives. A late answer of a request given up is dropped. */
export class TokenExchange {
  readonly #options: ExchangeOptions;
  #inFlight: InFlight | null = null;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  get busy(): boolean {
    return this.#inFlight !== null;
  }

  /** Milliseconds until the request in flight is given up; infinite without one. */
  get leftMs(): number {
    return this.#inFlight ? leftMs(this.#inFlight.timeout, this.#options.clock) : Number.POSITIVE_INFINITY;
  }

  /** Sends a request; there must be none in flight. */
  send(leases: readonly TokenLease[], cause: RequestCause): void {
    const { clock, source, timeoutMs } = this.#options;
    const sentAt = instant(clock);
    const timeout = { since: sentAt, ms: source.timeoutMs ?? timeoutMs };
    const request = { leases, cause, sentAt, timeout, controller: new AbortController() };
    this.#inFlight = request;
    void this.#run(request);
  }

  /** Gives up the request in flight if its time is over. */
  expire(): void {
    const request = this.#inFlight;
    if (!request || this.leftMs > 0) return;
    this.abort();
    const failure = requestTimedOut(request.timeout.ms);
    this.#options.onResult({ request, failure, verdicts: request.leases.map(() => ({ ok: false, failure })) });
  }

  /** Cancels the request in flight; its answer changes nothing. With a condition, only where that holds of its leases. */
  abort(condition: (leases: readonly TokenLease[]) => boolean = () => true): void {
    const request = this.#inFlight;
    if (!request || !condition(request.leases)) return;
    this.#inFlight = null;
    request.controller.abort();
  }

  async #run(request: InFlight): Promise<void> {
    const { appId, userId, source } = this.#options;
    const targets = request.leases.map((lease) => lease.target);
    const asked = { appId, userId, ...askFor(targets), cause: request.cause };
    const outcome = await requestTokens(source, asked, request.controller.signal);
    const judging = request.leases.map((lease) => this.#judge(lease, outcome, request).catch(unreadable));
    const verdicts = await Promise.all(judging);
    if (this.#inFlight !== request) return;
    this.#inFlight = null;
    this.#options.onResult({ request, failure: outcome.ok ? null : outcome.failure, verdicts });
  }

  async #judge(lease: TokenLease, outcome: RequestOutcome, request: InFlight): Promise<GrantVerdict> {
    if (!outcome.ok) return outcome;
    const { appId, userId } = this.#options;
    const { response } = outcome;
    const grant = rowOf(lease.target).find(response, lease.target);
    if (isErrorLike(grant)) return { ok: false, failure: describeFailure(grant) };
    return checkGrant(grant, {
      target: lease.target,
      appId,
      userId,
      previous: handedOut(lease).map(({ token }) => token),
      refused: lease.spent ? [lease.spent.token] : [],
      sentAt: request.sentAt.wall,
      servedAt: response.servedAt ?? null,
    });
  }
}

/** A field of the answer threw when it was read, as a getter of the app's may. */
function unreadable(thrown: unknown): GrantVerdict {
  return { ok: false, failure: describeFailure(thrown) };
}

/** The tokens of which another copy renews nothing: in use, or with a call that is open. */
function handedOut({ applied, given, stale }: TokenLease): Grant[] {
  return [applied, ...given.values(), ...stale.values()].filter((grant) => grant !== null);
}
