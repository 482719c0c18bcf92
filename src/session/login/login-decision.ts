import { retryDelayMs } from '../../token/retry-schedule.js';
import { REMEDIES } from '../sdk/remedies.js';
import type { SignalingClient } from '../sdk/signaling-client.js';
import type { ReasonClass } from '../state/reason-class.js';
import { SessionError, type SessionErrorCode } from '../state/session-error.js';
import type { RecoveryCause } from '../state/session-state.js';
import type { ResolvedOptions } from './resolved-options.js';

/** Why a login failed or ended: the class that decides, and the SDK's own code. */
export interface LinkLoss {
  readonly reason: ReasonClass;
  readonly code: string | number;
}

/** How a recovery stands. */
interface RecoveryCount {
  /** Tokens refused in a row. */
  readonly refusals: number;
  /** Logins in a row without a stable connection between them. */
  readonly relogins: number;
}

/** What a session allows. */
type RecoveryLimits = Pick<ResolvedOptions<SignalingClient>, 'maxRelogins' | 'source' | 'random' | 'retry'>;

/** How well a login stood that is lost. */
type Standing = 'never' | 'briefly' | 'stably';

/** What is done about a loss. */
export type LoginDecision =
  | { readonly does: 'relogin'; readonly delayMs: number }
  /** `keepsTurn`: whether a tab keeps its turn among the tabs. */
  | { readonly does: 'stop'; readonly error: SessionError; readonly keepsTurn: boolean; readonly delayMs: null };

/** Counts what goes wrong in a row, and decides after each loss: log in again and when, or stop. */
export class Recoveries {
  readonly #limits: RecoveryLimits;
  #count: RecoveryCount = { refusals: 0, relogins: 0 };

  constructor(limits: RecoveryLimits) {
    this.#limits = limits;
  }

  /** Logins in a row without a stable connection between them. */
  get attempt(): number {
    return this.#count.relogins;
  }

  /** Failures before a stable login no longer count. */
  decide(loss: LinkLoss, stood: Standing): LoginDecision {
    const { refusals, relogins } = stood === 'stably' ? { refusals: 0, relogins: 0 } : this.#count;
    // A token that was accepted and then lapsed was not refused.
    const refused = loss.reason === 'token' && stood === 'never';
    this.#count = { refusals: refusals + (refused ? 1 : 0), relogins: relogins + 1 };
    return loginDecision(loss, this.#count, this.#limits);
  }
}

/** A login that stood this long, or for half its token's life, was a good one: failures before it no longer count. */
const STABLE_MS = 60_000;

/** How well a login stood: for so long, or null if never, with a token of that life, in milliseconds. */
export function standing(stoodMs: number | null, lifeMs: number = Number.POSITIVE_INFINITY): Standing {
  if (stoodMs === null) return 'never';
  return stoodMs < Math.min(STABLE_MS, lifeMs / 2) ? 'briefly' : 'stably';
}

/** As the table of remedies has it. */
export function loginDecision(
  loss: LinkLoss,
  { refusals, relogins }: RecoveryCount,
  limits: RecoveryLimits,
): LoginDecision {
  const { maxRelogins, source, random, retry } = limits;
  const remedy = REMEDIES[loss.reason].login;
  const isToken = loss.reason === 'token';
  const stop = (code: SessionErrorCode, message: string, keepsTurn = false): LoginDecision => {
    const error = new SessionError(code, message, { name: 'LinkState', code: loss.code });
    return { does: 'stop', error, keepsTurn, delayMs: null };
  };
  if (remedy.do === 'stop') return stop(remedy.code, remedy.message, remedy.keepsTurn);
  if (isToken && !source) {
    return stop('CONFIGURATION', 'The project demands tokens, but the session was made with `tokens: null`.');
  }
  if (refusals >= remedy.refusals) return stop(remedy.code, refusedTwice());
  if (relogins > maxRelogins) {
    return stop('LOGIN_FAILED', `The login failed ${relogins} times in a row (\`maxRelogins\`).`);
  }
  // A token that was refused or has lapsed for once needs no wait.
  const patience = isToken && relogins === 1 ? 0 : remedy.patience;
  return { does: 'relogin', delayMs: Math.min(retry.longestMs, patience * retryDelayMs(relogins, random(), retry)) };
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
