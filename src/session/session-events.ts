import type { RenewalCause, TokenTarget } from '../token/token-source.js';
import type { SignalingEventMap } from './sdk/signaling-client.js';
import type { EndedSubscription } from './state/inspection-event.js';
import type { SessionError } from './state/session-error.js';
import type {
  ChannelState,
  RestoreCause,
  RestoreResult,
  SessionSnapshot,
  SessionState,
  SubscriptionSnapshot,
} from './state/session-state.js';

/**
 * The events of a session: its own, and the SDK's under their own names and types, so that an app can listen before the login and
 * once is enough. They are passed on from `login()` until `logout()` is called. `tokenPrivilegeWillExpire` is not among them, since
 * answering it is what a session is for.
 */
export interface SessionEvents extends Omit<SignalingEventMap, 'tokenPrivilegeWillExpire'> {
  /** The session moved from one state to another. */
  state: (state: SessionState, previous: SessionState) => void;
  /** The SDK accepted a renewed token. `tookMs` counts from when it was wanted. */
  tokenRenewed: (event: { target: TokenTarget; cause: RenewalCause; lifetimeMs: number; tookMs: number }) => void;
  /** A token request or renewal failed; `retryInMs` is null where nobody asks again by itself. */
  tokenError: (event: { target: TokenTarget; error: SessionError; attempt: number; retryInMs: number | null }) => void;
  /** A stream channel moved from one state to another. */
  channel: (event: { channelName: string; state: ChannelState }) => void;
  /** A subscription of a message channel moved from one state to another; `unsubscribed` when it is wanted no more. */
  subscription: (event: SubscriptionSnapshot | EndedSubscription) => void;
  /**
   * After a recovery, and when the SDK has resumed a lost link: what was wanted and whether it is there again. `gap` (milliseconds since
   * the epoch) is the time in which messages may have been missed, for `history.getMessages`.
   */
  restored: (event: { cause: RestoreCause; results: RestoreResult[]; gap: { from: number; to: number } }) => void;
  /** {@link SessionSnapshot} changed. */
  snapshot: (snapshot: SessionSnapshot) => void;
}
