import { CallerGoneError, DecisionTimeoutError } from './decision.js';
import type { DecisionOutcome } from './decision-event.js';
import { type Refusal, refusalIn } from './refusal.js';
import { internalError, isRequestRefusedError, RequestRefusedError } from './request-refused-error.js';

/** What becomes of a request that was not granted. */
export interface Ending {
  readonly outcome: DecisionOutcome;
  /** What is answered. */
  readonly refusal: Refusal;
  /** Whether the server itself is at fault, so that its log must learn of it. */
  readonly report: boolean;
}

const RETRY_AFTER_SECONDS = 5;

/**
 * What an error makes of the request that it ended. Only a refusal that is one in every field is answered as it says; all else is the
 * server's failure, and is reported.
 *
 * @param gone whether the caller has gone.
 */
export function endingOf(thrown: unknown, gone: boolean): Ending {
  const cause = causeOf(thrown, gone);
  if (cause === 'caller-gone') return { outcome: { outcome: 'abandoned' }, refusal: callerGone(), report: false };
  if (cause === 'too-late') return ended('failed', decisionTimeout());
  const refusal = refusalIn(thrown);
  return refusal ? ended(refusal.status === 429 ? 'limited' : 'refused', refusal) : ended('failed', internalError());
}

function causeOf(thrown: unknown, gone: boolean): 'caller-gone' | 'too-late' | 'other' {
  try {
    if (thrown instanceof CallerGoneError || (gone && isOfGoing(thrown))) return 'caller-gone';
    return thrown instanceof DecisionTimeoutError ? 'too-late' : 'other';
  } catch {
    return 'other'; // a Proxy may fail at every look
  }
}

/** What going away brings about by itself: a body that breaks off, and an abort of what the app has passed the signal to. */
function isOfGoing(thrown: unknown): boolean {
  return isRequestRefusedError(thrown) || (thrown instanceof Error && thrown.name === 'AbortError');
}

function ended(outcome: 'refused' | 'limited' | 'failed', refusal: Refusal): Ending {
  const { status, code } = refusal;
  return { outcome: { outcome, status, code }, refusal, report: outcome === 'failed' };
}

/** Nobody reads it; the number is the one that servers' logs use for it. */
function callerGone(): Refusal {
  return new RequestRefusedError(499, 'CALLER_GONE', 'The caller has gone.');
}

function decisionTimeout(): Refusal {
  return new RequestRefusedError(503, 'DECISION_TIMEOUT', 'The token server could not decide in time: ask again.', {
    'retry-after': String(RETRY_AFTER_SECONDS),
  });
}
