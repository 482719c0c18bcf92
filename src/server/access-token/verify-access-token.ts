import { timingSafeEqual } from 'node:crypto';
import type { AccessTokenContent } from '../../token/access-token-content.js';
import type { AccessToken } from './access-token.js';
import { checkHex32, checkObject, checkUnixSeconds } from './check-arguments.js';
import { InvalidArgumentError } from './errors.js';
import { checkExpectation, demandExpected, type TokenExpectation } from './expected-service.js';
import { judgeContent } from './judge-content.js';
import { readContent } from './parse-access-token.js';
import { secretOfSecond, signAccessToken } from './sign-access-token.js';

/** What {@link verifyAccessToken} needs. */
export interface VerifyOptions {
  /** The project that the token must be for: 32 hexadecimal digits. */
  readonly appId: string;
  /** The project's certificate: 32 hexadecimal digits. During a rotation a list of those that are good, which any of them may match. */
  readonly appCertificate: string | readonly string[];
  /** What the token must be for. Default: nothing in particular; whom it is for is then in the result. */
  readonly expected?: TokenExpectation;
  /** The time at which the token must be valid, in whole unix seconds. Default: now. */
  readonly now?: number;
  /** How many seconds after `now` a token may claim to have been issued, since clocks differ. Default: 60. */
  readonly issuedAtToleranceSeconds?: number;
}

const DEFAULT_TOLERANCE_SECONDS = 60;

/**
 * Checks that a token was made for this project with its certificate, and that it and at least one of its services live. Whom it is for,
 * and what it allows, is in the result: compare that with what the caller claims, or say it as `expected`. The signature is compared in
 * constant time over the bytes as they came.
 *
 * @throws AccessTokenError `MALFORMED`, `WRONG_APP`, `BAD_SIGNATURE`, `NOT_YET_VALID`, `EXPIRED`, or one of `WRONG_SERVICE`,
 *   `WRONG_USER` and `WRONG_CHANNEL`; the first that applies.
 * @throws InvalidArgumentError naming the option that cannot be right.
 */
export function verifyAccessToken(token: string, options: VerifyOptions): AccessToken {
  checkObject('options', options, 'appId and appCertificate');
  const { appId, expected, now = Math.floor(Date.now() / 1000) } = options;
  const { issuedAtToleranceSeconds: tolerance = DEFAULT_TOLERANCE_SECONDS } = options;
  checkHex32('appId', appId);
  const certificates = checkedCertificates(options.appCertificate);
  checkUnixSeconds('now', now);
  checkUnixSeconds('issuedAtToleranceSeconds', tolerance);
  if (expected !== undefined) checkExpectation(expected);

  const verified = judgeContent(readContent(token), {
    appId,
    now,
    toleranceSeconds: tolerance,
    isSigned: (content) => certificates.some((certificate) => isSignedWith(content, certificate)),
  });
  if (expected) demandExpected(verified, expected, now);
  return verified;
}

function checkedCertificates(appCertificate: string | readonly string[]): readonly string[] {
  if (typeof appCertificate === 'string' || !Array.isArray(appCertificate)) {
    checkHex32('appCertificate', appCertificate);
    return [appCertificate];
  }
  if (appCertificate.length === 0) throw new InvalidArgumentError('appCertificate', 'must list at least one.');
  appCertificate.forEach((certificate, index) => {
    checkHex32(`appCertificate[${index}]`, certificate);
  });
  return appCertificate;
}

function isSignedWith({ signature, signedBytes, info }: AccessTokenContent, appCertificate: string): boolean {
  const expected = signAccessToken(signedBytes, secretOfSecond(appCertificate, info.issuedAt), info.salt);
  return timingSafeEqual(signature, expected);
}
