import type { InspectionEvent } from './inspection-event.js';
import type { RecoveryCause, SessionState } from './session-state.js';

/** What JSON makes of it: errors are plain objects. */
export type AsJson<T> = T extends { toJSON(): infer Json }
  ? AsJson<Json>
  : T extends object
    ? { readonly [Name in keyof T]: AsJson<T[Name]> }
    : T;

/** What a session has counted since it was made. */
export interface SessionCounters {
  /** Logins that came to stand. */
  readonly logins: number;
  /** Recoveries by cause; `not-resumed` ones when they are done. */
  readonly recoveries: Readonly<Record<RecoveryCause, number>>;
  /** Requests for tokens. */
  readonly requests: number;
  /** Renewed tokens that the SDK accepted. */
  readonly renewals: number;
  /** Requests and renewals that failed, for each token. */
  readonly failures: number;
}

/** What an engine knows of its own work. */
export interface EngineFigures {
  /** Null where the SDK does not say, or the app made the client. */
  readonly sdkVersion: string | null;
  readonly counters: SessionCounters;
  /** What waits for its turn: calls of the SDK, messages to channels and to topics; and how long the oldest call has, milliseconds. */
  readonly queues: {
    readonly calls: number;
    readonly messages: number;
    readonly topicMessages: number;
    readonly oldestCallMs: number;
  };
  /** How late the latest timer fired, milliseconds: a page that is hidden or a machine that sleeps shows here. */
  readonly lateTimerMs: number;
}

/**
 * A session as it can be pasted into a bug report: frozen, plain JSON, and without any token. Points in time are milliseconds since the
 * epoch, by this device's clock.
 */
export interface SessionDiagnostics extends Omit<EngineFigures, 'sdkVersion'> {
  readonly at: number;
  readonly versions: { readonly 'agora-session': string; readonly 'agora-rtm-sdk': string | null };
  readonly state: AsJson<SessionState>;
  /** Since when the state is what it is. */
  readonly since: number;
  /** The latest 100 events, the oldest first. */
  readonly events: readonly AsJson<InspectionEvent>[];
}

/** Of a session that has not logged in yet. */
export const NO_FIGURES: EngineFigures = {
  sdkVersion: null,
  counters: {
    logins: 0,
    recoveries: { expired: 0, rejected: 0, 'link-failed': 0, 'not-resumed': 0 },
    requests: 0,
    renewals: 0,
    failures: 0,
  },
  queues: { calls: 0, messages: 0, topicMessages: 0, oldestCallMs: 0 },
  lateTimerMs: 0,
};
