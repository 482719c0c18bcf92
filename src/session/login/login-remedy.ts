import { type RetryPolicy, retryDelayMs } from '../../token/retry-schedule.js';
import { REMEDIES } from '../sdk/remedies.js';
import type { ReasonClass } from '../state/reason-class.js';
import { SessionError } from '../state/session-error.js';
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

/** What an app is told was the matter. */
export function recoveryCause(loss: LinkLoss): RecoveryCause {
  if (loss.reason !== 'token') return 'link-failed';
  return loss.code === 'INVALID_TOKEN' || loss.code === -10005 ? 'rejected' : 'expired';
}

/** Why the session must not log in again after this loss, as the table of remedies has it; or null. */
export function hopelessError(loss: LinkLoss, count: RecoveryCount): SessionError | null {
  const remedy = REMEDIES[loss.reason].login;
  const cause = { name: 'LinkState', code: loss.code };
  if (remedy.do === 'stop') return new SessionError(remedy.code, remedy.message, cause);
  if (loss.reason === 'token' && !count.withTokens) {
    const message = 'The project demands tokens, but the session was made with `tokens: null`.';
    return new SessionError('CONFIGURATION', message, cause);
  }
  if (count.refusals >= remedy.refusals) {
    return new SessionError(remedy.code, refusedTwice(), cause);
  }
  if (count.relogins <= count.maxRelogins) return null;
  const message = `The login failed ${count.relogins} times in a row (\`maxRelogins\`).`;
  return new SessionError('LOGIN_FAILED', message, cause);
}

function refusedTwice(): string {
  const unchecked =
    'DecompressionStream' in globalThis
      ? ''
      : ' (This browser has no `DecompressionStream`, so nobody looked at the token before.)';
  return `Signaling refused a fresh login token twice in a row; are the token server's app ID and certificate those of the project?${unchecked}`;
}

/** Whether a tab that stops for this keeps its turn among the tabs. */
export function keepsTurn({ reason }: LinkLoss): boolean {
  const remedy = REMEDIES[reason].login;
  return remedy.do === 'stop' && remedy.keepsTurn;
}

/**
 * How long to wait before logging in again. A token that was refused or has lapsed for once needs no wait.
 *
 * @param draw a random number from 0 to 1
 */
export function reloginDelayMs({ reason }: LinkLoss, relogins: number, draw: number, retry: RetryPolicy): number {
  const remedy = REMEDIES[reason].login;
  if (reason === 'token' && relogins === 1) return 0;
  const patience = remedy.do === 'relogin' ? remedy.patience : 1;
  return Math.min(retry.longestMs, patience * retryDelayMs(relogins, draw, retry));
}
