import { httpTokenSource, SessionManager, type SignalingClient } from 'agora-session';
import { connectEmulator } from 'agora-session/emulator/client';
import type { DevConfig } from '../../../src/dev-backend/index.js';
import { TOKEN_ENDPOINT } from './backend.js';

/** A session on the real SDK or on the emulator's client, which has the same shape. */
export type Session = SessionManager<SignalingClient>;

/**
 * Gives a function that makes the session of a user. An app needs one line: `new SessionManager({ appId, userId, tokens:
 * '/api/agora/tokens' })`. Here the tokens' life can be chosen, and Signaling may be the local one.
 *
 * @param lifeSeconds how long the next token is to live; a real token server decides that by itself
 */
export function sessionMaker(config: DevConfig, lifeSeconds: () => number): (userId: string) => Session {
  const { appId, emulator, signalingPath } = config;
  // One for the whole page, as the SDK's module is.
  const localSdk = emulator ? connectEmulator(signalingPath) : null;
  return (userId) =>
    new SessionManager<SignalingClient>({
      appId,
      userId,
      tokens: (request, init) =>
        httpTokenSource({ url: `${TOKEN_ENDPOINT}?expiresInSeconds=${lifeSeconds()}` }).getTokens(request, init),
      // Left out, the session loads `agora-rtm-sdk` and talks to Agora.
      ...(localSdk ? { loadSdk: async () => localSdk } : {}),
    });
}
