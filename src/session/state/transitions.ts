import type { ChannelState, SessionState, SubscriptionSnapshot } from './session-state.js';

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

/** A stream channel, from the app's point of view. It is `left` before it is wanted. */
export const CHANNEL_TRANSITIONS: Transitions<ChannelState['status']> = {
  left: ['joining'],
  joining: ['joined', 'rejoining', 'left'],
  joined: ['rejoining', 'joining', 'left', 'failed'],
  rejoining: ['joined', 'joining', 'failed', 'left'],
  failed: ['rejoining', 'joining', 'left'],
};

/** A subscription of a message channel; `unsubscribed` before it is wanted. */
export const SUBSCRIPTION_TRANSITIONS: Transitions<SubscriptionSnapshot['state'] | 'unsubscribed'> = {
  unsubscribed: ['subscribing'],
  subscribing: ['subscribed', 'failed', 'unsubscribed'],
  subscribed: ['subscribing', 'unsubscribed'],
  failed: ['subscribing', 'unsubscribed'],
};

/** Whether `to` may follow `from`. */
export function isLegalMove<Status extends string>(table: Transitions<Status>, from: Status, to: Status): boolean {
  return from === to || table[from].includes(to);
}
