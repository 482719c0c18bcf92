import type { AccessTokenContent } from '../../token/access-token-content.js';
import { type AccessToken, asAccessToken } from './access-token.js';
import { AccessTokenError } from './errors.js';
import { tokenEndsAt } from './token-end.js';

/** What a token is judged by. */
export interface Judgement {
  /** The project that it must be for. */
  readonly appId: string;
  /** The time at which it must be valid, unix seconds. */
  readonly now: number;
  /** How many seconds after `now` it may claim to have been issued. */
  readonly toleranceSeconds: number;
  /** Whether the project's certificate made the signature: the platform's own way of computing it. */
  readonly isSigned: (content: AccessTokenContent) => boolean;
}

/**
 * Judges a token that has been read; the same on a server and in the emulator.
 *
 * @throws AccessTokenError `WRONG_APP`, `BAD_SIGNATURE`, `NOT_YET_VALID` or `EXPIRED`, the first that applies.
 */
export function judgeContent(content: AccessTokenContent, judgement: Judgement): AccessToken {
  const { appId, now, toleranceSeconds, isSigned } = judgement;
  if (content.info.appId !== appId) throw new AccessTokenError('WRONG_APP', 'The token is for another app ID.');
  if (!isSigned(content)) {
    throw new AccessTokenError('BAD_SIGNATURE', 'The token was not made with this certificate, or was altered.');
  }
  const token = asAccessToken(content.info);
  demandLiving(token, now, toleranceSeconds);
  return token;
}

/** @throws AccessTokenError `NOT_YET_VALID` or `EXPIRED`. */
function demandLiving(token: AccessToken, now: number, toleranceSeconds: number): void {
  const ahead = token.issuedAt - now;
  if (ahead > toleranceSeconds) {
    throw new AccessTokenError('NOT_YET_VALID', `The token claims to be issued in ${ahead} seconds.`);
  }
  const endedAt = tokenEndsAt(token);
  if (now >= endedAt) throw new AccessTokenError('EXPIRED', `The token lapsed ${now - endedAt} seconds ago.`);
}
