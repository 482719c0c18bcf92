import type { SessionState } from './session-state.js';

/** Which states may follow a state. That it says more of itself, an error or a time, is no move. */
export type Transitions<Status extends string> = Readonly<Record<Status, readonly Status[]>>;

/** A session. `logout()` may come at any moment, and one that is not idle can stop. */
export const SESSION_TRANSITIONS: Transitions<SessionState['status']> = {
  idle: ['connecting'],
  connecting: ['connected', 'waiting', 'failed', 'idle'],
  waiting: ['connecting', 'failed', 'idle'],
  connected: ['reconnecting', 'recovering', 'waiting', 'failed', 'idle'],
  reconnecting: ['connected', 'recovering', 'waiting', 'failed', 'idle'],
  recovering: ['connected', 'waiting', 'failed', 'idle'],
  failed: ['connecting', 'idle'],
};

/** Whether `to` may follow `from`. */
export function isLegalMove<Status extends string>(table: Transitions<Status>, from: Status, to: Status): boolean {
  return from === to || table[from].includes(to);
}
