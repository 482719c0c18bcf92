import type { ChannelState, SubscriptionSnapshot } from '../state/session-state.js';
import type { Transitions } from '../state/transitions.js';

/** A stream channel, from the app's point of view. It is `left` before it is wanted. */
export const CHANNEL_TRANSITIONS: Transitions<ChannelState['status']> = {
  // Joined at once where the SDK was to leave it, and has not.
  left: ['joining', 'joined'],
  joining: ['joined', 'rejoining', 'left'],
  joined: ['rejoining', 'joining', 'left', 'failed'],
  rejoining: ['joined', 'joining', 'failed', 'left'],
  // Joined at once where the SDK has joined it after all.
  failed: ['joined', 'rejoining', 'joining', 'left'],
};

/** A subscription of a message channel; `unsubscribed` before it is wanted. */
export const SUBSCRIPTION_TRANSITIONS: Transitions<SubscriptionSnapshot['state'] | 'unsubscribed'> = {
  // As with a channel.
  unsubscribed: ['subscribing', 'subscribed'],
  subscribing: ['subscribed', 'failed', 'unsubscribed'],
  subscribed: ['subscribing', 'unsubscribed'],
  failed: ['subscribing', 'unsubscribed'],
};
