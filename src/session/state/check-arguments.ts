import { isObject } from '../../token/thrown.js';
import { invalid, SessionError } from './session-error.js';

/**
 * A signal of another realm (an iframe, a test environment) is one as well.
 *
 * @throws SessionError INVALID_ARGUMENT; ABORTED where it has aborted before
 */
export function checkSignal(signal: AbortSignal | undefined, what: string): void {
  if (signal === undefined) return;
  const known = typeof signal === 'object' && signal !== null && 'aborted' in signal && 'addEventListener' in signal;
  if (!known) throw invalid('signal', 'an AbortSignal', signal);
  if (signal.aborted) throw new SessionError('ABORTED', `${what} was aborted before it began.`);
}

/** @throws SessionError INVALID_ARGUMENT */
export function checkTimeoutMs(timeoutMs: unknown, name = 'timeoutMs'): void {
  if (timeoutMs === undefined || (typeof timeoutMs === 'number' && timeoutMs > 0)) return;
  throw invalid(name, 'a number of milliseconds above 0', timeoutMs);
}

/**
 * A list is no options, nor is a signal by itself, which would be ignored.
 *
 * @throws SessionError INVALID_ARGUMENT
 */
export function checkOptions(options: unknown = {}, name = 'options'): void {
  if (!isObject(options) || Array.isArray(options) || 'aborted' in options)
    throw invalid(name, 'an object of options', options);
}

/**
 * What a topic may be called is for the SDK to say.
 *
 * @throws SessionError INVALID_ARGUMENT
 */
export function checkTopic(topic: unknown): void {
  if (typeof topic !== 'string' || topic === '') throw invalid('topic', 'the name of a topic', topic);
}

/** @throws SessionError INVALID_ARGUMENT */
export function checkUsers(users: unknown): void {
  if (users === undefined || (Array.isArray(users) && users.every((user) => user && typeof user === 'string'))) return;
  throw invalid('users', 'a list of user IDs', users);
}
