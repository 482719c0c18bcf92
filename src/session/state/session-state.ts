import type { RequestCause } from '../../token/token-lease.js';
import type { TokenTarget } from '../../token/token-source.js';
import type { SessionError } from './session-error.js';

/** Why a session logged in again, or restored its channels without a new login (`not-resumed`). */
export type RecoveryCause = 'expired' | 'rejected' | 'link-failed' | 'not-resumed';

/**
 * Why what was lost is there again: by a recovery, or since the SDK has resumed its link (`resumed`), which brings back everything but the
 * messages that came meanwhile.
 */
export type RestoreCause = RecoveryCause | 'resumed';

/** Where a session stands. */
export type SessionState =
  | { readonly status: 'idle' }
  | { readonly status: 'connecting' }
  | { readonly status: 'connected' }
  /** Another tab holds the login (`tabs: 'wait'`). */
  | { readonly status: 'waiting' }
  /** The SDK is restoring its link by itself; `cause` is its reason code. */
  | { readonly status: 'reconnecting'; readonly cause: string }
  /** The session is logging in again. */
  | { readonly status: 'recovering'; readonly cause: RecoveryCause; readonly attempt: number }
  /** Stopped; `login()` starts over. */
  | { readonly status: 'failed'; readonly error: SessionError };

/** Whether two states say the same. */
export function isSameState(a: SessionState, b: SessionState): boolean {
  if (a.status === 'failed' && b.status === 'failed') return a.error === b.error;
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Where a stream channel stands. */
export type ChannelState =
  | { readonly status: 'joining' }
  | { readonly status: 'joined' }
  /** Joined before and lost; joined again as soon as the session is connected. */
  | { readonly status: 'rejoining' }
  /** Given up for a reason that a repetition cannot change; the session tries again at its next recovery or login. */
  | { readonly status: 'failed'; readonly error: SessionError }
  | { readonly status: 'left' };

/** Where a subscription of a message channel stands. */
export interface SubscriptionSnapshot {
  readonly channelName: string;
  /** `failed`: given up for a reason that a repetition cannot change; tried again at the next recovery or login, or when asked for. */
  readonly state: 'subscribing' | 'subscribed' | 'failed';
  /** Why it failed, or why it takes so long. */
  readonly error?: SessionError;
  /** When it is tried again, milliseconds since the epoch by this device's clock; where a wait is under way. */
  readonly retriesAt?: number;
}

/** What became of one wanted thing when the session restored it. */
export interface RestoreResult {
  readonly kind: 'subscription' | 'channel' | 'topic' | 'topicSubscription';
  readonly channelName: string;
  readonly topicName?: string;
  readonly ok: boolean;
  /** Why not. Failures that may pass are still being worked on in the background. */
  readonly error?: SessionError;
}

/** What is known of one token. Points in time are milliseconds since the epoch, by this device's clock. */
export interface TokenSnapshot {
  readonly target: TokenTarget;
  /** `requesting`: a fresh one is being fetched; `denied`: the server's last word, and nobody asks again by itself. */
  readonly status: 'valid' | 'requesting' | 'denied';
  readonly lifetimeMs: number;
  readonly obtainedAt: number;
  readonly expiresAt: number;
  /** When its renewal is due; null when none is planned. */
  readonly renewsAt: number | null;
  /** When a request that failed is repeated; null when none is waiting. */
  readonly retriesAt: number | null;
  /** Why the token was fetched. */
  readonly cause: RequestCause;
  /** Requests and renewals that failed since the last success. */
  readonly failures: number;
}

/** Everything that a page may want to show of a session. Frozen; a new object only when something changed. */
export interface SessionSnapshot {
  readonly appId: string;
  readonly userId: string;
  readonly state: SessionState;
  readonly tokens: readonly TokenSnapshot[];
  readonly channels: readonly { readonly channelName: string; readonly state: ChannelState }[];
  readonly subscriptions: readonly SubscriptionSnapshot[];
}
