import type { RTMConfig } from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import type { SignalingSdk } from '../../session/sdk/signaling-client.js';
import { isSignalingName } from '../../token/identifiers.js';
import type { Transport } from '../transport.js';
import { EmulatedClient } from './emulated-client.js';
import { SignalingError } from './signaling-error.js';

/** What an SDK object is made of. */
export interface SdkOptions {
  readonly clock: Clock;
  /** Makes the way to the service for one client. */
  readonly transport: () => Transport;
  /** Whether a client asks for its old session even after a suspension. Agora's pages contradict each other. Default: false. */
  readonly restoresSuspended?: boolean;
}

const APP_ID_LENGTH = 32;

/** Makes what a page gets when it imports the SDK: a class `RTM` that allows one client for each app and user (-10027). */
export function createSdk(options: SdkOptions): SignalingSdk<EmulatedClient> {
  const taken = new Set<string>();
  class RTM extends EmulatedClient {
    constructor(appId: string, userId: string, config: RTMConfig = {}) {
      checkConstruction(appId, userId, config);
      const key = `${appId} ${userId}`;
      if (taken.has(key)) throw new SignalingError('initRTM', -10027);
      super(appId, userId, {
        clock: options.clock,
        transport: options.transport(),
        restoresSuspended: options.restoresSuspended ?? false,
        config,
        onReleased: () => taken.delete(key),
      });
      taken.add(key);
    }
  }
  return { RTM };
}

function checkConstruction(appId: unknown, userId: unknown, config: RTMConfig): void {
  if (typeof appId !== 'string' || appId.length !== APP_ID_LENGTH) throw new SignalingError('initRTM', -10003);
  if (!isSignalingName(userId)) throw new SignalingError('initRTM', -10006);
  if (config.useStringUserId === false && !/^\d+$/.test(userId)) throw new SignalingError('initRTM', -10006);
  const encrypts = config.encryptionMode !== undefined && config.encryptionMode !== 'NONE';
  if (encrypts && !config.cipherKey) {
    throw new SignalingError('initRTM', -10020, ' detail: not provide cipherKey but set encryptionMode.');
  }
}
