import { brand } from './error-brand.js';
import type { RefusalDetails } from './token-failure.js';

/** What a token is for: the login itself, or one stream channel. */
export type TokenTarget = { readonly kind: 'signaling' } | { readonly kind: 'stream'; readonly channelName: string };

/** Why a token that is in use is being replaced. */
export type RenewalCause = 'schedule' | 'will-expire' | 'expired' | 'rejected' | 'wake' | 'reconnected' | 'manual';

/** What a session asks its token source for: one request covers the login and any number of stream channels. */
export interface TokenRequest {
  readonly appId: string;
  readonly userId: string;
  /** Whether a login token (RTM) is wanted. */
  readonly signaling: boolean;
  /** The stream channels for which an RTC token is wanted. */
  readonly channels: readonly string[];
  /** Why the request is made; where several reasons fell together, the first. */
  readonly cause: RenewalCause | 'login' | 'join';
}

/** One token, as the token server gave it out. */
export interface TokenGrant {
  readonly token: string;
  /** Seconds from now until it lapses; read from the token where absent. */
  readonly expiresIn?: number;
}

/** The token server's word that one of the tokens asked for is not given. Others of the same request may be. */
export interface TokenRefusal {
  readonly error: {
    readonly code: string;
    readonly message: string;
    /** The HTTP status, where the target was asked for by itself. */
    readonly status?: number;
  };
}

/**
 * A token source's answer. `channels` may be a plain object: it is read by own keys only. An `Error` in the place of a token is that
 * target's failure alone, and means what it would mean if the source had thrown it.
 */
export interface TokenResponse {
  /** For whom the tokens are; where given, it must be the user that was asked for. */
  readonly userId?: string;
  readonly signaling?: TokenGrant | TokenRefusal | Error;
  readonly channels?: Readonly<Record<string, TokenGrant | TokenRefusal | Error>>;
  /** The token server's own time (milliseconds since the epoch), as its `Date` header says it. */
  readonly servedAt?: number;
}

/** Where tokens come from. */
export interface TokenSource {
  /**
   * Fetches fresh tokens. Throw {@link TokenDeniedError} to say "do not ask again". Trouble of the network, and an error with an HTTP
   * status that may pass, is retried with backoff; any other error is taken for a mistake in this function
   * (`TOKEN_SOURCE_FAILED`), which ends a login and is told at a renewal.
   * The signal aborts when the answer is no longer wanted or has taken too long.
   */
  getTokens(request: TokenRequest, init: { signal: AbortSignal }): Promise<TokenResponse>;
  /** Milliseconds after which a request is given up. Default: the session's `retry.timeoutMs`. */
  readonly timeoutMs?: number;
}

/** Thrown by a token source to say that this user gets no token and that asking again is pointless. */
export class TokenDeniedError extends Error {
  override readonly name = 'TokenDeniedError';
  /** The HTTP status, where a server said so: after 401 the user has to sign in, after 403 that changes nothing. */
  readonly status: number | undefined;
  /** The server's own code, where it gave one. */
  readonly code: string | number | undefined;

  /** @param message why, for developers; a session passes it on, so it must hold no secret */
  constructor(message?: string, { status, code }: RefusalDetails = {}) {
    super(message);
    brand(this, 'TokenDeniedError');
    this.status = status;
    this.code = code;
  }
}
