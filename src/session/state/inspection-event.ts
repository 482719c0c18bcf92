import type { TokenEvent } from '../../token/token-event.js';
import type { TokenTarget } from '../../token/token-source.js';
import type { ReasonClass } from './reason-class.js';
import type { SessionError } from './session-error.js';
import type { ChannelState, RestoreCause, RestoreResult, SessionState, SubscriptionSnapshot } from './session-state.js';

/** What the option `inspect` is told: something that happened, and when, milliseconds since the epoch. Frozen, and without any token. */
export type InspectionEvent = Happening & { readonly at: number };

/** Everything that happens in a session, said once. States, events, snapshot and diagnostics are made of it. */
export type Happening =
  | { readonly type: 'state'; readonly state: SessionState }
  | { readonly type: 'channel'; readonly channelName: string; readonly state: ChannelState }
  | { readonly type: 'subscription'; readonly subscription: SubscriptionSnapshot | EndedSubscription }
  /** The token source is asked, and answers; the SDK accepted a renewed token. */
  | Extract<TokenEvent, { type: 'request' | 'answer' | 'renewed' }>
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
      readonly cause: RestoreCause;
      readonly results: RestoreResult[];
      readonly gap: { readonly from: number; readonly to: number };
    }
  /** What is done about something that failed, and why. */
  | Decision
  /** An event of the SDK's link, of its tokens or of a topic, as it came. */
  | {
      readonly type: 'sdk';
      readonly name: InspectedSdkEvent;
      /** What is worth knowing of it: states, reason code, channel; never a token. */
      readonly detail: Readonly<Record<string, string | boolean | readonly string[]>>;
    }
  /** A state followed another that it must not follow: a mistake of this package, worth a report. */
  | { readonly type: 'illegal'; readonly about: DecisionSubject; readonly from: string; readonly to: string }
  /** The session is over: for a reason, or because the app logged the SDK's client out itself; and whether the tab keeps its turn. */
  | { readonly type: 'end'; readonly error: SessionError | null; readonly keepsTurn: boolean };

/** The SDK's events that are inspected; messages, presence, storage and locks are the app's own affair. */
export type InspectedSdkEvent = 'linkState' | 'tokenPrivilegeWillExpire' | 'token' | 'topic';

/** What a decision is about. */
export interface DecisionSubject {
  readonly kind: 'login' | 'subscription' | 'channel' | 'topic' | 'topicSubscription';
  /** Null for the login. */
  readonly channelName: string | null;
  /** Null but for a topic and its subscription. */
  readonly topic: string | null;
}

/** The login itself. */
export const LOGIN: DecisionSubject = Object.freeze({ kind: 'login', channelName: null, topic: null });

/** What the table of remedies says about a failure, as it is carried out. */
export interface Decision {
  readonly type: 'decision';
  readonly about: DecisionSubject;
  /** Log in again, join again, make the call again, wait for an event or for the SDK's patience, or stop with an error. */
  readonly does: 'relogin' | 'rejoin' | 'retry' | 'wait' | 'stop';
  readonly reason: ReasonClass;
  /** The remedy's words. */
  readonly why: string;
  /** The SDK's code: of an error a number, of a link state a name; null where it gave none. */
  readonly code: string | number | null;
  /** Milliseconds until it is done; null where nothing follows or an event is waited for. */
  readonly delayMs: number | null;
}

/** A subscription that is wanted no more. */
export interface EndedSubscription {
  readonly channelName: string;
  readonly state: 'unsubscribed';
  readonly error?: undefined;
  readonly retriesAt?: undefined;
}

/** The one place to which every part of a session says what happens; `tokens`: what a snapshot shows of them may be otherwise. */
export type Report = (event: Happening | { readonly type: 'tokens' }) => void;
