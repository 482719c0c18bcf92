import type { ChannelState, SubscriptionSnapshot } from '../state/session-state.js';
import type { Transitions } from '../state/transitions.js';

/** A stream channel, from the app's point of view. It is `left` before it is wanted, and stands at once where it was not yet left in fact. */
export const CHANNEL_TRANSITIONS: Transitions<ChannelState['status']> = {
  left: ['joining', 'joined'],
  joining: ['joined', 'rejoining', 'left'],
  joined: ['rejoining', 'joining', 'left', 'failed'],
  rejoining: ['joined', 'joining', 'failed', 'left'],
  // Joined at once where the SDK has joined it after all.
  failed: ['joined', 'rejoining', 'joining', 'left'],
};

/** A subscription of a message channel; `unsubscribed` before it is wanted, and likewise. */
export const SUBSCRIPTION_TRANSITIONS: Transitions<SubscriptionSnapshot['state'] | 'unsubscribed'> = {
  unsubscribed: ['subscribing', 'subscribed'],
  subscribing: ['subscribed', 'failed', 'unsubscribed'],
  subscribed: ['subscribing', 'unsubscribed'],
  failed: ['subscribing', 'unsubscribed'],
};
