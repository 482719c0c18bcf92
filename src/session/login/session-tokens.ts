import type { Logger } from '../../environment/logger.js';
import { LeaseKeeper, type LeaseKeeperOptions } from '../../token/lease-keeper.js';
import { NO_TOKENS, type TargetTokens } from '../../token/target-tokens.js';
import { SIGNALING } from '../../token/targets.js';
import type { TokenEvent } from '../../token/token-event.js';
import type { TokenFailure } from '../../token/token-failure.js';
import type { Grant, Obtained, RequestCause, TokenLease } from '../../token/token-lease.js';
import type { TokenSource, TokenTarget } from '../../token/token-source.js';
import type { Report } from '../state/inspection-event.js';
import { tokenError } from '../state/session-error.js';
import type { TokenSnapshot } from '../state/session-state.js';
import type { ChannelTokens } from '../wanted/channel-tokens.js';

interface SessionTokensOptions extends Omit<LeaseKeeperOptions, 'source' | 'report'> {
  readonly source: TokenSource | null;
  readonly logger: Logger;
  readonly report: Report;
  /** A target has a fresh token, or will have none for this reason. */
  settled(target: TokenTarget, failure: TokenFailure | null): void;
}

/** The tokens of one login and its channels, as the session's other parts use them. Without a source there are none. */
export class SessionTokens implements ChannelTokens {
  /** The login's own. */
  readonly login: TargetTokens;
  /** What else can be done with them; null without a source. */
  readonly keeper: LeaseKeeper | null;

  constructor(options: SessionTokensOptions) {
    const { source } = options;
    const report = (event: TokenEvent): void => tell(event, options);
    this.keeper = source ? new LeaseKeeper({ ...options, source, report }) : null;
    this.login = this.keeper?.of(SIGNALING) ?? NO_TOKENS;
  }

  /** A stream channel's. */
  of(channelName: string): TargetTokens {
    return this.keeper?.of({ kind: 'stream', channelName }) ?? NO_TOKENS;
  }

  /** Keeps the login's lease and those of these channels, and no other; none before the login's own is asked for, at this tab's turn. */
  keep(channelNames: readonly string[]): void {
    if (!this.keeper?.find(SIGNALING)) return;
    this.keeper.keep([SIGNALING, ...channelNames.map((channelName) => ({ kind: 'stream' as const, channelName }))]);
  }

  /** @throws SessionError when there will be no login token. */
  async obtainLogin(cause: RequestCause): Promise<Grant | null> {
    if (!this.keeper) return null;
    const obtained = await this.keeper.obtain(SIGNALING, cause);
    if (!obtained.ok) throw tokenError(obtained.failure);
    return obtained.grant;
  }

  look(): void {
    this.keeper?.look();
  }

  /** Renews everything now; the first failure, or null. */
  async renewAll(): Promise<TokenFailure | null> {
    const results: Obtained[] = (await this.keeper?.renewAll()) ?? [];
    for (const result of results) if (!result.ok) return result.failure;
    return null;
  }

  /** The newest login token that the SDK was given, or null. */
  get heldByLogin(): Grant | null {
    const lease = this.keeper?.find(SIGNALING);
    const held = [...(lease?.given.values() ?? []), lease?.applied ?? null].filter((grant) => grant !== null);
    return held.sort((a, b) => b.serial - a.serial)[0] ?? null;
  }

  get snapshots(): TokenSnapshot[] {
    return (this.keeper?.leases ?? []).flatMap(snapshotOf);
  }
}

/** What happens to tokens, as the session says it, and to whom it matters. */
function tell(event: TokenEvent, { logger, report, settled }: SessionTokensOptions): void {
  if (event.type === 'warning') logger.warn(event.message);
  else if (event.type === 'granted') settled(event.target, null);
  else if (event.type === 'tokenFailed') {
    const { failure, ...failed } = event;
    report({ ...failed, error: tokenError(failure) });
    if (event.retryInMs === null) settled(event.target, failure);
  } else report(event);
}

function snapshotOf({ target, newest, ask, dueAgeMs, failures }: Readonly<TokenLease>): TokenSnapshot[] {
  if (!newest) return [];
  const obtainedAt = newest.sentAt.wall;
  const planned = dueAgeMs < Number.POSITIVE_INFINITY && ask.is === 'content';
  return [
    {
      target: { ...target },
      status: ask.is === 'denied' ? 'denied' : ask.is === 'wanted' ? 'requesting' : 'valid',
      lifetimeMs: newest.lifeMs,
      obtainedAt,
      expiresAt: obtainedAt + newest.lifeMs,
      renewsAt: planned ? obtainedAt + dueAgeMs : null,
      retriesAt: ask.is === 'wanted' && ask.wait ? ask.wait.since.wall + ask.wait.ms : null,
      cause: newest.cause,
      failures,
    },
  ];
}
