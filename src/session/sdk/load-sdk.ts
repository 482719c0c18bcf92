import { plainCause, SessionError } from '../state/session-error.js';
import type { SignalingClient, SignalingSdk } from './signaling-client.js';

/** A module that is the SDK, or has it as its default export, as `import()` of a CommonJS package gives it. */
export type SdkModule<Client extends SignalingClient> = SignalingSdk<Client> | { default: SignalingSdk<Client> };

/**
 * Waits for the SDK.
 *
 * @throws SessionError SDK_LOAD_FAILED that says what to install
 */
export async function loadedSdk<Client extends SignalingClient>(
  loading: Promise<SdkModule<Client>>,
): Promise<SignalingSdk<Client>> {
  const module = await loading.catch((error: unknown) => {
    const message =
      'The Signaling SDK could not be loaded; install it with `npm install agora-rtm-sdk agora-rtc-sdk-ng`.';
    throw new SessionError('SDK_LOAD_FAILED', message, plainCause(error));
  });
  const sdk = module && 'default' in module ? module.default : module;
  if (typeof sdk?.RTM === 'function') return sdk;
  throw new SessionError('SDK_LOAD_FAILED', 'What `loadSdk` gave has no constructor `RTM`.');
}
