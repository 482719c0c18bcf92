import type { AccessTokenInfo } from '../../token/access-token-content.js';
import { MAX_LIFE_SECONDS } from '../../token/wire-format.js';

/** What a token says, with the moment at which it lapses. */
export interface AccessToken extends AccessTokenInfo {
  /** Unix seconds: the issue plus the life, of which Agora honours 24 hours at most. */
  readonly expiresAt: number;
}

/** Adds what follows from the fields of a token. */
export function asAccessToken(info: AccessTokenInfo): AccessToken {
  return { ...info, expiresAt: info.issuedAt + Math.min(info.expiresInSeconds, MAX_LIFE_SECONDS) };
}
