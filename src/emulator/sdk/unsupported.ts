import type { RTMLock, RTMStorage } from 'agora-rtm-sdk';
import { SignalingError } from './signaling-error.js';

/** How a call ends that the emulator lacks. */
export type Refuse = (operation: string) => Promise<never>;

/** Rejects with the SDK's "service is not supported"; without a link with "not connected", as the SDK does. */
export function refusal(isConnected: () => boolean): Refuse {
  return async (operation) => {
    throw new SignalingError(operation, isConnected() ? -10022 : -10025);
  };
}

/** The emulator keeps no metadata. */
export function unsupportedStorage(
  refuse: Refuse,
): Omit<RTMStorage, 'subscribeUserMetadata' | 'unsubscribeUserMetadata'> {
  return {
    setChannelMetadata: () => refuse('setChannelMetadata'),
    getChannelMetadata: () => refuse('getChannelMetadata'),
    removeChannelMetadata: () => refuse('removeChannelMetadata'),
    updateChannelMetadata: () => refuse('updateChannelMetadata'),
    setUserMetadata: () => refuse('setUserMetadata'),
    getUserMetadata: () => refuse('getUserMetadata'),
    removeUserMetadata: () => refuse('removeUserMetadata'),
    updateUserMetadata: () => refuse('updateUserMetadata'),
  };
}

/** The emulator has no locks. */
export function unsupportedLock(refuse: Refuse): RTMLock {
  return {
    setLock: () => refuse('setLock'),
    removeLock: () => refuse('removeLock'),
    acquireLock: () => refuse('acquireLock'),
    releaseLock: () => refuse('releaseLock'),
    revokeLock: () => refuse('revokeLock'),
    getLock: () => refuse('getLock'),
  };
}
