import { type Clock, elapsedMs } from '../../environment/clock.js';
import { LeaseKeeper, type LeaseKeeperOptions } from '../../token/lease-keeper.js';
import type { TokenFailure } from '../../token/token-failure.js';
import type { Obtained, RequestCause, TokenLease } from '../../token/token-lease.js';
import type { TokenSource, TokenTarget } from '../../token/token-source.js';
import type { ConnectionTokens, JoinToken } from '../sdk/live-connection.js';
import { tokenError } from '../state/session-error.js';
import type { TokenSnapshot } from '../state/session-state.js';

const SIGNALING: TokenTarget = { kind: 'signaling' };

/** The tokens of one login and its channels, as the session's other parts use them. Without a source there are none. */
export class SessionTokens implements ConnectionTokens {
  readonly #keeper: LeaseKeeper | null;
  readonly #clock: Clock;

  constructor(source: TokenSource | null, options: Omit<LeaseKeeperOptions, 'source'>) {
    this.#clock = options.clock;
    this.#keeper = source ? new LeaseKeeper({ ...options, source }) : null;
  }

  async obtain(target: TokenTarget, cause: RequestCause): Promise<JoinToken> {
    if (!this.#keeper) return {};
    const obtained = await this.#keeper.obtain(target, cause);
    if (!obtained.ok) throw tokenError(obtained.failure);
    return { token: obtained.token };
  }

  /** Starts to fetch what will be needed, so that it comes with the request that leaves now. */
  prepare(targets: readonly TokenTarget[], cause: RequestCause): void {
    for (const target of targets) void this.#keeper?.obtain(target, cause);
  }

  confirm(target: TokenTarget, used: JoinToken): void {
    if (used.token !== undefined) this.#keeper?.confirm(target, used.token);
  }

  spend(target: TokenTarget, used: JoinToken = {}): void {
    const token = used.token ?? this.#lease(target)?.applied?.token;
    if (token !== undefined) this.#keeper?.spend(target, token);
  }

  release(target: TokenTarget): void {
    this.#keeper?.release(target);
  }

  willExpire(target: TokenTarget): void {
    this.#keeper?.willExpire(target);
  }

  check(cause: 'wake' | 'reconnected'): void {
    this.#keeper?.check(cause);
  }

  /** Looks again whether a renewed token can be given to the SDK. */
  pump(): void {
    this.#keeper?.pump();
  }

  close(): void {
    this.#keeper?.close();
  }

  /** Renews everything now; the first failure, or null. */
  async renewAll(): Promise<TokenFailure | null> {
    const results: Obtained[] = (await this.#keeper?.renewAll()) ?? [];
    for (const result of results) if (!result.ok) return result.failure;
    return null;
  }

  /** The life of the login's token, milliseconds; infinite without one. */
  get loginLifeMs(): number {
    const lease = this.#lease(SIGNALING);
    return (lease?.applied ?? lease?.held)?.lifeMs ?? Number.POSITIVE_INFINITY;
  }

  /** Whether the token that the SDK logged in with has lapsed by its own count. */
  get isLoginLapsed(): boolean {
    const applied = this.#lease(SIGNALING)?.applied;
    return applied ? elapsedMs(this.#clock, applied.sentAt) >= applied.lifeMs : false;
  }

  get snapshots(): TokenSnapshot[] {
    return (this.#keeper?.leases ?? []).flatMap(snapshotOf);
  }

  #lease(target: TokenTarget): Readonly<TokenLease> | undefined {
    return this.#keeper?.find(target);
  }
}

function snapshotOf(lease: Readonly<TokenLease>): TokenSnapshot[] {
  const token = lease.held ?? lease.applied;
  if (!token) return [];
  const obtainedAt = token.sentAt.wall;
  const planned = lease.dueAgeMs < Number.POSITIVE_INFINITY && !lease.denial && !lease.want;
  return [
    {
      target: { ...lease.target },
      status: lease.denial ? 'denied' : lease.want ? 'requesting' : 'valid',
      lifetimeMs: token.lifeMs,
      obtainedAt,
      expiresAt: obtainedAt + token.lifeMs,
      renewsAt: planned ? obtainedAt + lease.dueAgeMs : null,
      retriesAt: lease.want?.wait ? lease.want.wait.since.wall + lease.want.wait.ms : null,
      cause: token.cause,
      failures: lease.failures,
    },
  ];
}
