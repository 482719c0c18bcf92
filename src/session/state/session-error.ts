import { brand, isBranded } from '../../token/error-brand.js';
import type { PlainCause, TokenErrorCode, TokenFailure } from '../../token/token-failure.js';
import { helpUrl } from './help-url.js';

/** What can go wrong with a session. `docs/errors` has a page about each, with causes and what to do. */
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
    brand(this, 'SessionError');
    this.code = code;
    this.retryable = RETRYABLE.has(code);
  }

  /** The page about this code in the documentation; undefined where that is published nowhere. */
  get helpUrl(): string | undefined {
    return helpUrl(this.code);
  }

  /** Everything that the error says, for a store, a log or a bug report; an `Error` by itself leaves its message out. */
  toJSON(): Pick<SessionError, 'name' | 'code' | 'message' | 'retryable' | 'cause'> {
    const { name, code, message, retryable, cause } = this;
    return { name, code, message, retryable, ...(cause ? { cause } : {}) };
  }
}

/** Makes the error that an app sees from what is known of a token's failure. */
export function tokenError(failure: TokenFailure): SessionError {
  return new SessionError(failure.code, failure.message, failure.cause);
}

/**
 * Describes a foreign error without anything that may be secret: its message is left out, for the SDK's quote tokens. It need be no
 * `Error` of this realm.
 */
export function plainCause(error: unknown): PlainCause {
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  if (typeof error !== 'object' || typeof name !== 'string') return { name: typeof error };
  return typeof code === 'number' || typeof code === 'string' ? { name, code } : { name };
}

/** What an app is told of whatever ended a login. */
export function asSessionError(error: unknown): SessionError {
  if (isBranded<SessionError>(error, 'SessionError')) return error;
  return new SessionError('LOGIN_FAILED', 'The login failed unexpectedly.', plainCause(error));
}

/**
 * An error for an argument: which one, what it must be, and what kind of thing came. What came is not repeated, since it may be secret.
 *
 * @param got what came, all in one tuple since it may be `undefined`
 */
export function invalid(argument: string, expected: string, ...got: [unknown?]): SessionError {
  const came = got.length === 0 ? '' : `, got ${describeKind(got[0])}`;
  return new SessionError('INVALID_ARGUMENT', `\`${argument}\` must be ${expected}${came}.`);
}

function describeKind(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return value ? `a string of ${value.length} characters` : 'an empty string';
  return `a value of type ${typeof value === 'object' ? Object.prototype.toString.call(value).slice(8, -1) : typeof value}`;
}
