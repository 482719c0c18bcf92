import type { AccessToken } from '../../server/access-token/access-token.js';
import { AccessTokenError } from '../../server/access-token/errors.js';
import { judgeContent } from '../../server/access-token/judge-content.js';
import {
  type AccessTokenContent,
  accessTokenBase64,
  decodeAccessTokenContent,
} from '../../token/access-token-content.js';
import { TokenFormatError } from '../../token/token-format-error.js';
import { inflate } from './inflate.js';
import type { SignedProject } from './project.js';
import { signatureOf } from './signature.js';

/** That Signaling minds an issue time ahead of its own clock is not known. */
const ANY_TIME = 0xffff_ffff;

/**
 * Verifies a token as `verifyAccessToken` does on a server, on any platform.
 *
 * @param now unix seconds
 * @throws AccessTokenError `MALFORMED`, `WRONG_APP`, `BAD_SIGNATURE` or `EXPIRED`, the first that applies.
 */
export function verifyToken(token: string, { appId, appCertificate }: SignedProject, now: number): AccessToken {
  return judgeContent(readContent(token), {
    appId,
    now,
    toleranceSeconds: ANY_TIME,
    isSigned: ({ signature, signedBytes, info }) =>
      isEqual(signature, signatureOf(signedBytes, { appCertificate, issuedAt: info.issuedAt, salt: info.salt })),
  });
}

/**
 * Inflates and decodes a token.
 *
 * @throws AccessTokenError `MALFORMED`.
 */
export function readContent(token: string): AccessTokenContent {
  try {
    const deflated = Uint8Array.from(atob(accessTokenBase64(token)), (character) => character.charCodeAt(0));
    return decodeAccessTokenContent(inflate(deflated));
  } catch (error) {
    if (error instanceof TokenFormatError) throw new AccessTokenError('MALFORMED', error.message);
    throw error;
  }
}

/** In any time it likes: nobody attacks an emulator. */
function isEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
