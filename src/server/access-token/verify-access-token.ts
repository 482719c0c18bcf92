import { timingSafeEqual } from 'node:crypto';
import { checkHex32, checkUnixSeconds } from './check-arguments.js';
import { AccessTokenError } from './errors.js';
import { type AccessToken, asAccessToken, readContent } from './parse-access-token.js';
import { secretOfSecond, signAccessToken } from './sign-access-token.js';

/** What {@link verifyAccessToken} needs. */
export interface VerifyOptions {
  /** The project that the token must be for: 32 hexadecimal digits. */
  readonly appId: string;
  /** The project's certificate: 32 hexadecimal digits. */
  readonly appCertificate: string;
  /** The time at which the token must be valid, in whole unix seconds. Default: now. */
  readonly now?: number;
}

/**
 * Checks that a token was made for this project with this certificate and has not lapsed. Whom it is for, and what it allows, is in
 * the result: compare that with what the caller claims. The signature is compared in constant time over the bytes as they came.
 *
 * @throws AccessTokenError `MALFORMED`, `WRONG_APP`, `BAD_SIGNATURE` or `EXPIRED`; the first that applies.
 * @throws InvalidArgumentError naming the option that cannot be right.
 */
export function verifyAccessToken(token: string, options: VerifyOptions): AccessToken {
  const { appId, appCertificate, now = Math.floor(Date.now() / 1000) } = options;
  checkHex32('appId', appId);
  checkHex32('appCertificate', appCertificate);
  checkUnixSeconds('now', now);

  const { signature, signedBytes, info } = readContent(token);
  if (info.appId !== appId) throw new AccessTokenError('WRONG_APP', 'The token is for another app ID.');
  const expected = signAccessToken(signedBytes, secretOfSecond(appCertificate, info.issuedAt), info.salt);
  if (!timingSafeEqual(signature, expected)) {
    throw new AccessTokenError('BAD_SIGNATURE', 'The token was not made with this certificate, or was altered.');
  }
  const verified = asAccessToken(info);
  if (now >= verified.expiresAt) {
    throw new AccessTokenError('EXPIRED', `The token lapsed ${now - verified.expiresAt} seconds ago.`);
  }
  return verified;
}
