import type { RenewalCause, TokenTarget } from '../../token/token-source.js';
import type { SessionError } from './session-error.js';
import type {
  ChannelState,
  RecoveryCause,
  RestoreResult,
  SessionState,
  SubscriptionSnapshot,
} from './session-state.js';

/** Everything that happens in a session, said once. States, events and snapshot are made of it. None of it holds a token. */
export type InspectionEvent =
  | { readonly type: 'state'; readonly state: SessionState }
  | { readonly type: 'channel'; readonly channelName: string; readonly state: ChannelState }
  | { readonly type: 'subscription'; readonly subscription: SubscriptionSnapshot | EndedSubscription }
  /** The SDK accepted a renewed token. */
  | {
      readonly type: 'renewed';
      readonly target: TokenTarget;
      readonly cause: RenewalCause;
      readonly lifetimeMs: number;
      readonly tookMs: number;
    }
  /** A request or renewal failed. */
  | {
      readonly type: 'tokenFailed';
      readonly target: TokenTarget;
      readonly error: SessionError;
      readonly attempt: number;
      readonly retryInMs: number | null;
    }
  | {
      readonly type: 'restored';
      readonly cause: RecoveryCause;
      readonly results: RestoreResult[];
      readonly gap: { readonly from: number; readonly to: number };
    }
  /** Something that a snapshot shows may be otherwise. */
  | { readonly type: 'tokens' }
  /** The session is over: for a reason, or because the app logged the SDK's client out itself; and whether the tab keeps its turn. */
  | { readonly type: 'end'; readonly error: SessionError | null; readonly keepsTurn: boolean };

/** A subscription that is wanted no more. */
export interface EndedSubscription {
  readonly channelName: string;
  readonly state: 'unsubscribed';
  readonly error?: undefined;
  readonly retriesAt?: undefined;
}

/** The one place to which every part of a session says what happens. */
export type Report = (event: InspectionEvent) => void;
