import type { LoginRequest, Subscription } from '../protocol.js';

/** What a client knows of itself when it logs in. */
export interface Identity {
  readonly appId: string;
  readonly userId: string;
  readonly presenceTimeoutSeconds: number;
  /** Whether the service is asked to go on with the old session after a suspension. */
  readonly restoresSuspended: boolean;
  /** Subscriptions to ask back at a login. */
  remembered(): readonly Subscription[];
}

/** The token that a client believes to be in use. */
export class TokenInUse {
  token = '';

  /**
   * Replaces the token. The new one counts from the moment it is sent; when the call fails, in whatever way, the old one is back. The
   * token that is in use already is not sent at all: the SDK says yes.
   */
  async renew(token: string, send: () => Promise<void>): Promise<void> {
    if (token === this.token) return;
    const before = this.token;
    this.token = token;
    try {
      await send();
    } catch (error) {
      if (this.token === token) this.token = before;
      throw error;
    }
  }
}

/** What a login is made with and known by: the token, and the session that the service has given it. */
export class Credentials extends TokenInUse {
  sessionId: string | null = null;

  forget(): void {
    this.token = '';
    this.sessionId = null;
  }

  /** The request of a login, or of a reconnect that hopes to go on with the session. */
  loginRequest(identity: Identity, cause: 'login' | 'reconnect', suspended: boolean): LoginRequest {
    const { appId, userId, presenceTimeoutSeconds, restoresSuspended } = identity;
    return {
      appId,
      userId,
      token: this.token,
      cause,
      sessionId: this.sessionId,
      resume: cause === 'reconnect' && (restoresSuspended || !suspended),
      presenceTimeoutSeconds,
      restore: cause === 'login' ? identity.remembered() : [],
    };
  }
}
