import type { PlainCause, TokenErrorCode, TokenFailure } from '../../token/token-failure.js';

/** What can go wrong with a session. The README has a table of them with what to do about each. */
export type SessionErrorCode =
  | TokenErrorCode
  | 'INVALID_ARGUMENT'
  | 'NOT_LOGGED_IN'
  | 'ALREADY_ACTIVE'
  | 'SDK_LOAD_FAILED'
  | 'CONFIGURATION'
  | 'LOGIN_TIMEOUT'
  | 'ABORTED'
  | 'LOGGED_OUT'
  | 'LOGIN_FAILED'
  | 'CHANNEL_FAILED'
  | 'CALL_FAILED'
  | 'QUEUE_FULL'
  | 'UNCERTAIN'
  | 'DISPLACED'
  | 'KICKED';

const RETRYABLE: ReadonlySet<SessionErrorCode> = new Set<SessionErrorCode>([
  'SDK_LOAD_FAILED',
  'LOGIN_TIMEOUT',
  'ABORTED',
  'LOGIN_FAILED',
  'CHANNEL_FAILED',
  'CALL_FAILED',
  'QUEUE_FULL',
  'TOKEN_REQUEST_FAILED',
  'TOKEN_INVALID',
  'TOKEN_LAPSED',
  'TOKEN_UNCHANGED',
  'RENEWAL_FAILED',
]);

/**
 * The one error class of a session. `code` is stable and meant for programs, `message` for people. `cause` is a plain description of
 * what lay beneath and never the error itself, since errors of the SDK and of HTTP clients carry tokens and headers.
 */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly code: SessionErrorCode;
  /** Whether the same call may succeed later without anything being changed. */
  readonly retryable: boolean;
  declare readonly cause?: PlainCause;

  constructor(code: SessionErrorCode, message: string, cause?: PlainCause) {
    super(message, cause ? { cause } : undefined);
    this.code = code;
    this.retryable = RETRYABLE.has(code);
  }
}

/** Makes the error that an app sees from what is known of a token's failure. */
export function tokenError(failure: TokenFailure): SessionError {
  return new SessionError(failure.code, failure.message, failure.cause);
}

/** Describes a foreign error without anything that may be secret: its message is left out, for the SDK's quote tokens. */
export function plainCause(error: unknown): PlainCause {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'number' || typeof code === 'string' ? { name: error.name, code } : { name: error.name };
}

/** What an app is told of whatever ended a login. */
export function asSessionError(error: unknown): SessionError {
  if (error instanceof SessionError) return error;
  return new SessionError('LOGIN_FAILED', 'The login failed unexpectedly.', plainCause(error));
}

/** An error for an argument: which one, and what it must be. */
export function invalid(argument: string, expected: string): SessionError {
  return new SessionError('INVALID_ARGUMENT', `\`${argument}\` must be ${expected}.`);
}
