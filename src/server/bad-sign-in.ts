import { isErrorLike } from '../token/thrown.js';
import { isOfClient } from './answer-status.js';

/** The status for an error of a library's, by what its fields say as texts: all of them must match. */
type BadSignIn = readonly [status: number, fields: Readonly<Record<string, RegExp>>];

/**
 * What libraries throw for a sign-in of the caller's that is expired, revoked, forged or none. A library that cannot get at its keys, or was
 * given wrong options, throws errors that differ by code, class or text only: those have no row, since they are the server's own trouble.
 */
const BAD_SIGN_INS: readonly BadSignIn[] = [
  // jsonwebtoken, and jwks-rsa behind it
  [401, { name: /^TokenExpiredError$/, expiredAt: /./ }],
  [401, { name: /^NotBeforeError$/, date: /./ }],
  [401, { name: /^JsonWebTokenError$/, message: /^(?:jwt|invalid|iat) |Unable to find a signing key/ }],
  // jose
  [401, { code: /^ERR_JWT_(?:EXPIRED|INVALID|CLAIM_VALIDATION_FAILED)$/ }],
  [401, { code: /^ERR_JW(?:S_INVALID|S_SIGNATURE_VERIFICATION_FAILED|E_INVALID|E_DECRYPTION_FAILED)$/ }],
  [401, { code: /^ERR_(?:JOSE_ALG_NOT_ALLOWED|JWKS_NO_MATCHING_KEY)$/ }],
  // fast-jwt
  [401, { code: /^FAST_JWT_(?:EXPIRED|INACTIVE|MALFORMED|MISSING_(?:SIGNATURE|REQUIRED_CLAIM))$/ }],
  [401, { code: /^FAST_JWT_INVALID_(?:TYPE|ALGORITHM|SIGNATURE|PAYLOAD|CLAIM_TYPE|CLAIM_VALUE|CRIT_HEADER)$/ }],
  // firebase-admin, whose argument-error is many things
  [401, { code: /^auth\/(?:id-token|session-cookie)-(?:expired|revoked)$/ }],
  [
    401,
    {
      code: /^auth\/argument-error$/,
      message: /^(?:[\w ]+\(\) must be a |Decoding )?Firebase (?:ID token|session cookie) /,
    },
  ],
  [403, { code: /^auth\/user-disabled$/ }],
  // express-oauth2-jwt-bearer, which calls it an invalid token, too, when keys cannot be fetched
  [
    401,
    {
      name: /^InvalidTokenError$/,
      status: /^401$/,
      message: /^(?!Failed to |Expected 200|request timed|fetch failed|socket |\w+ E[A-Z]{3})/,
    },
  ],
  [403, { name: /^InsufficientScopeError$/, status: /^403$/ }],
  // Passport, with failWithError
  [401, { name: /^AuthenticationError$/, status: /^40[01]$/ }],
  // hono/jwt
  [401, { name: /^Jwt(?:Token|Header)[A-Z]\w+$|^JwtPayloadRequiresAud$/ }],
  [401, { name: /^Jwt(?:SymmetricAlgorithmNotAllowed|Algorithm(?:Mismatch|NotAllowed))$/ }],
  // google-auth-library, whose errors have nothing but a text
  [401, { name: /^Error$/, message: /^Token used too (?:late|early), |^Wrong recipient, |^Wrong number of segments / }],
  [401, { name: /^Error$/, message: /^Invalid (?:token signature: |issuer, expected )|^No pem found for envelope: / }],
  [401, { name: /Error$/, message: /^Can't parse token |^The verifyIdToken method requires an ID Token/ }],
  // @supabase/auth-js
  [401, { name: /^Auth(?:SessionMissing|InvalidJwt)Error$/, __isAuthError: /^true$/ }],
  [401, { name: /^AuthApiError$/, code: /^(?:bad_jwt|session_expired|session_not_found)$/ }],
  [403, { name: /^AuthApiError$/, code: /^user_banned$/ }],
  // aws-jwt-verify; and Okta's, which says so, too, when a key cannot be fetched
  [401, { name: /^(?:Cognito|Alb)?Jwt(?:Expired|NotBefore|WithoutValidKid|Invalid[A-Z]\w+)Error$/ }],
  [401, { name: /^JwtParseError$/, message: /^(?!Error while resolving )/ }],
  [401, { name: /^KidNotFoundInJwksError$/ }],
  // @clerk/backend
  [401, { reason: /^token-(?:expired|not-active-yet|iat-in-the-future|invalid(?:-[a-z]+)*)$/ }],
  // tRPC
  [401, { name: /^TRPCError$/, code: /^UNAUTHORIZED$/ }],
  [403, { name: /^TRPCError$/, code: /^FORBIDDEN$/ }],
  [429, { name: /^TRPCError$/, code: /^TOO_MANY_REQUESTS$/ }],
];

/**
 * The status that a caller gets whose sign-in `authorize` had a library look at, and who had none that is good. Null for every other error.
 *
 * @param thrown what `authorize` has thrown. Of other functions it would be no sign-in of the caller's.
 */
export function badSignInStatus(thrown: unknown): number | null {
  if (!isErrorLike(thrown) || isOfClient(thrown)) return null;
  const matches = ([, fields]: BadSignIn): boolean =>
    Object.entries(fields).every(([field, pattern]) => pattern.test(textOf(thrown, field)));
  return BAD_SIGN_INS.find(matches)?.[0] ?? null;
}

function textOf(error: Error, field: string): string {
  const value: unknown = field === 'name' ? nameOf(error) : Reflect.get(error, field);
  return value === undefined || value === null ? '' : String(value);
}

/** Of classes that set none (aws-jwt-verify) the name is that of the class. */
export function nameOf(error: Error): unknown {
  return error.name === 'Error' ? error.constructor.name : error.name;
}
