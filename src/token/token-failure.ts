import { brand } from './error-brand.js';

/** Codes of what can go wrong with a token. */
export type TokenErrorCode =
  | 'TOKEN_REQUEST_FAILED'
  | 'TOKEN_SOURCE_FAILED'
  | 'TOKEN_DENIED'
  | 'TOKEN_INVALID'
  | 'TOKEN_MISMATCH'
  | 'TOKEN_LAPSED'
  | 'TOKEN_UNCHANGED'
  | 'TOKEN_REJECTED'
  | 'RENEWAL_FAILED';

/** A plain description of an underlying error. Never the error itself: HTTP and SDK errors carry headers and tokens. */
export interface PlainCause {
  readonly name: string;
  readonly status?: number;
  readonly code?: string | number;
}

/** Why a token could not be had or used; data, so that it can be passed on and shown. */
export interface TokenFailure {
  readonly code: TokenErrorCode;
  /**
   * `transient` failures are always retried; `unusable` answers are final at a login or join and retried at a renewal, since a
   * deploy may pass; after `denied` nobody asks again by itself.
   */
  readonly kind: 'transient' | 'unusable' | 'denied';
  readonly message: string;
  readonly retryAfterMs?: number;
  readonly cause?: PlainCause;
}

/** What a refused or failed request is known by, besides its message. */
export interface RefusalDetails {
  /** The HTTP status, where there was an answer. */
  status?: number;
  /** The server's own code for it, to look the trouble up by. */
  code?: string | number;
}

/**
 * Thrown by a token source when a request failed and the failure has more to say than an ordinary error: the HTTP status, and when
 * to come back. Statuses 401 and 403 count as denials, other 4xx (but 408, 425 and 429) and `unusable` as final at a login.
 */
export class TokenRequestError extends Error {
  override readonly name = 'TokenRequestError';
  /** The HTTP status, where there was an answer. */
  readonly status: number | undefined;
  /** The server's own code, where it gave one. */
  readonly code: string | number | undefined;
  /** How long to wait before asking again, milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** Whether asking again is pointless at a login. Default: by the status. */
  readonly unusable: boolean;

  /** @param message for developers; a session passes it on, so it must hold no secret */
  constructor(message: string, details: RefusalDetails & { retryAfterMs?: number; unusable?: boolean } = {}) {
    super(message);
    brand(this, 'TokenRequestError');
    this.status = details.status;
    this.code = details.code;
    this.retryAfterMs = details.retryAfterMs;
    this.unusable = details.unusable ?? isFinalStatus(details.status);
  }
}

/** Whether a status says that this user gets nothing: not signed in (401), or not allowed to (403). */
export function isDenialStatus(status: number | undefined): boolean {
  return status === 401 || status === 403;
}

const RETRIED_4XX = new Set([408, 425, 429]);

/** Whether a status is the server's last word at a login: a 4xx that no repetition changes. */
export function isFinalStatus(status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && !RETRIED_4XX.has(status);
}
