import type { PlainCause } from '../../token/token-failure.js';
import { plainCause } from '../state/session-error.js';

/** What became of a call of the SDK. */
export type SdkAnswer<T> =
  | { readonly is: 'ok'; readonly value: T }
  /** It rejected or threw; `code` is the SDK's error code (a negative number), or null. */
  | { readonly is: 'refused'; readonly code: number | null; readonly cause: PlainCause }
  /** It gave no promise: nobody knows what becomes of it. */
  | { readonly is: 'none' };

/**
 * Calls the SDK, whatever it does: a call that throws at once is refused, one that gives no promise has no answer. `onAnswer` is called
 * at most once, never within this call, and never if the SDK never answers: time is the caller's to keep.
 */
export function callSdk<T>(run: () => Promise<T>, onAnswer: (answer: SdkAnswer<T>) => void): void {
  let promise: unknown;
  try {
    promise = run();
  } catch (error) {
    queueMicrotask(() => onAnswer(refusal(error)));
    return;
  }
  if (!isThenable<T>(promise)) {
    queueMicrotask(() => onAnswer({ is: 'none' }));
    return;
  }
  Promise.resolve(promise).then(
    (value) => onAnswer({ is: 'ok', value }),
    (error: unknown) => onAnswer(refusal(error)),
  );
}

/** The SDK's error code (a negative number), or null. */
export function codeOf(answer: SdkAnswer<unknown>): number | null {
  return answer.is === 'refused' ? answer.code : null;
}

/** The same of a rejection. */
function sdkErrorCode(error: unknown): number | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'
    ? error.code
    : null;
}

function refusal(error: unknown): SdkAnswer<never> {
  return { is: 'refused', code: sdkErrorCode(error), cause: plainCause(error) };
}

function isThenable<T>(value: unknown): value is PromiseLike<T> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
