import { decide } from '../sdk/link-policy.js';
import { SessionError } from '../state/session-error.js';
import type { RecoveryCause } from '../state/session-state.js';
import type { LinkLoss } from './signaling-link.js';

/** A fresh token refused so often in a row is not going to be accepted. */
const MAX_REFUSALS = 2;

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

/** Why the session must not log in again after this loss, or null. */
export function hopelessError(loss: LinkLoss, count: RecoveryCount): SessionError | null {
  const cause = { name: 'LinkState', code: loss.code };
  if (decide(loss.reason, 'MESSAGE', 'FAILED') === 'stop') return new SessionError(...stopReason(loss), cause);
  if (loss.reason === 'token' && !count.withTokens) {
    return new SessionError(
      'CONFIGURATION',
      'The project demands tokens, but the session was made with `tokens: null`.',
      cause,
    );
  }
  if (count.refusals >= MAX_REFUSALS) {
    const message =
      "Signaling refused a fresh login token twice in a row; are the token server's app ID and certificate those of the project?";
    return new SessionError('TOKEN_REJECTED', message, cause);
  }
  if (count.relogins <= count.maxRelogins) return null;
  return new SessionError(
    'LOGIN_FAILED',
    `The login failed ${count.relogins} times in a row (\`maxRelogins\`).`,
    cause,
  );
}

function stopReason(loss: LinkLoss): ['DISPLACED' | 'KICKED' | 'CONFIGURATION', string] {
  if (loss.reason === 'displaced') {
    return ['DISPLACED', 'The same user logged in elsewhere; ask the user before logging in here again.'];
  }
  if (loss.reason === 'kicked') return ['KICKED', 'The server removed this user from Signaling.'];
  return ['CONFIGURATION', `Signaling rejects this project or user (${loss.code}); see the Agora Console.`];
}
