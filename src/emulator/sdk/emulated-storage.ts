import type { RTMStorage, SubscribeUserMetaResponse } from 'agora-rtm-sdk';
import { isSignalingName } from '../../token/identifiers.js';
import type { Call } from './call.js';
import type { Calls } from './calls.js';
import type { MessageLink } from './message-link.js';
import { SignalingError } from './signaling-error.js';
import type { Refuse } from './unsupported.js';
import { unsupportedStorage } from './unsupported.js';

type Operation = 'subscribeUserMetadata' | 'unsubscribeUserMetadata';

/** Subscribes to users' metadata. There is no metadata: nothing is ever heard of it, and every other call is refused. */
export function emulatedStorage(link: MessageLink, calls: Calls, refuse: Refuse): RTMStorage {
  const ask = (operation: Operation, userId: string): Promise<SubscribeUserMetaResponse> => {
    return calls.make(operation, null, (call) => askFor(link, operation, userId, call));
  };
  return {
    ...unsupportedStorage(refuse),
    subscribeUserMetadata: (userId) => ask('subscribeUserMetadata', userId),
    unsubscribeUserMetadata: (userId) => ask('unsubscribeUserMetadata', userId),
  };
}

async function askFor(
  link: MessageLink,
  operation: Operation,
  userId: string,
  call: Call,
): Promise<SubscribeUserMetaResponse> {
  if (link.state !== 'CONNECTED') throw new SignalingError(operation, -10025);
  if (!isSignalingName(userId)) throw new SignalingError(operation, -10006);
  const { timestamp } = await link.request(operation, { userId }, { operation, timeoutCode: -12018, call });
  return { timestamp, userId };
}
