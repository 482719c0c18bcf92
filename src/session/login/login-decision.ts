import { type RetryPolicy, retryDelayMs } from '../../token/retry-schedule.js';
import { REMEDIES } from '../sdk/remedies.js';
import type { ReasonClass } from '../state/reason-class.js';
import { SessionError, type SessionErrorCode } from '../state/session-error.js';
import type { RecoveryCause } from '../state/session-state.js';

/** Why a login failed or ended: the class that decides, and the SDK's own code. */
export interface LinkLoss {
  readonly reason: ReasonClass;
  readonly code: string | number;
}

/** How a recovery stands. */
export interface RecoveryCount {
  /** Tokens refused in a row. */
  readonly refusals: number;
  /** Logins in a row without a stable connection between them. */
  readonly relogins: number;
  readonly maxRelogins: number;
  /** Whether the session logs in with tokens at all. */
  readonly withTokens: boolean;
}

/** What is done about a loss. */
export type LoginDecision =
  | { readonly does: 'relogin'; readonly delayMs: number }
  /** `keepsTurn`: whether a tab keeps its turn among the tabs. */
  | { readonly does: 'stop'; readonly error: SessionError; readonly keepsTurn: boolean; readonly delayMs: null };

/**
 * Whether the session logs in again after this loss and when, or stops: as the table of remedies has it.
 *
 * @param draw a random number from 0 to 1
 */
export function loginDecision(loss: LinkLoss, count: RecoveryCount, draw: number, retry: RetryPolicy): LoginDecision {
  const remedy = REMEDIES[loss.reason].login;
  const { refusals, relogins, maxRelogins } = count;
  const stop = (code: SessionErrorCode, message: string, keepsTurn = false): LoginDecision => {
    const error = new SessionError(code, message, { name: 'LinkState', code: loss.code });
    return { does: 'stop', error, keepsTurn, delayMs: null };
  };
  if (remedy.do === 'stop') return stop(remedy.code, remedy.message, remedy.keepsTurn);
  if (loss.reason === 'token' && !count.withTokens) {
    return stop('CONFIGURATION', 'The project demands tokens, but the session was made with `tokens: null`.');
  }
  if (refusals >= remedy.refusals) return stop(remedy.code, refusedTwice());
  if (relogins > maxRelogins) {
    return stop('LOGIN_FAILED', `The login failed ${relogins} times in a row (\`maxRelogins\`).`);
  }
  // A token that was refused or has lapsed for once needs no wait.
  if (loss.reason === 'token' && relogins === 1) return { does: 'relogin', delayMs: 0 };
  const delayMs = Math.min(retry.longestMs, remedy.patience * retryDelayMs(relogins, draw, retry));
  return { does: 'relogin', delayMs };
}

/** What an app is told was the matter. */
export function recoveryCause(loss: LinkLoss): RecoveryCause {
  if (loss.reason !== 'token') return 'link-failed';
  return loss.code === 'INVALID_TOKEN' || loss.code === -10005 ? 'rejected' : 'expired';
}

function refusedTwice(): string {
  const unchecked =
    'DecompressionStream' in globalThis
      ? ''
      : ' (This browser has no `DecompressionStream`, so nobody looked at the token before.)';
  return `Signaling refused a fresh login token twice in a row; are the token server's app ID and certificate those of the project?${unchecked}`;
}
