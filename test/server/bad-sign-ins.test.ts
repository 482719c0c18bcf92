import { Jwt } from 'hono/utils/jwt';
import { describe, expect, test, vi } from 'vitest';
import { ask, endpoint, refusalOf } from './ask.js';

// The caller's own sign-in is what a library refuses by throwing: expired, forged, or none at all. That is a 401 and no failure of the
// server, or a session would ask again for ever rather than once more with a fresh sign-in. What the keys lack is the server's.

const asked = { userId: 'alice', signaling: true };

/** An error as a library makes it. */
const error = (message: string, fields: object): Error => Object.assign(new Error(message), fields);
const jsonwebtoken = (message: string) => error(message, { name: 'JsonWebTokenError' });
const jose = (code: string) => error('of jose', { code });
const firebase = (code: string, message = 'Firebase ID token has expired.') => error(message, { code });
const auth0 = (name: string, status: number, message: string) =>
  error(message, { name, status, statusCode: status, headers: { 'WWW-Authenticate': 'Bearer realm="api"' } });
const trpc = (code: string) => error('Sign in.', { name: 'TRPCError', code });
const supabase = (name: string, code?: string) => error('Sign in.', { name, code, __isAuthError: true });
class JwtExpiredError extends Error {
  readonly failedAssertion = {};
}
class KidNotFoundInJwksError extends Error {}
class FetchError extends Error {}

const decide = async (thrown: unknown) => {
  const [onError, onDecision] = [vi.fn(), vi.fn()];
  const response = await endpoint({ authorize: () => Promise.reject(thrown), onError, onDecision })(ask(asked));
  const text = await response.clone().text();
  return { refusal: await refusalOf(response), text, onError, onDecision };
};

const token = await Jwt.sign({ exp: 1 }, 'a key of the app', 'HS256');
const thrownByHono = (given: string, key: string, algorithm?: 'HS256' | 'HS512'): Promise<unknown> =>
  Jwt.verify(given, key, algorithm as 'HS256').catch((thrown: unknown) => thrown);
const hono = {
  expired: await thrownByHono(token, 'a key of the app', 'HS256'),
  forged: await thrownByHono(await Jwt.sign({}, 'a key of the app', 'HS256'), 'another key', 'HS256'),
  none: await thrownByHono('none', 'a key of the app', 'HS256'),
  mismatch: await thrownByHono(token, 'a key of the app', 'HS512'),
  unset: await thrownByHono(token, 'a key of the app'),
};

describe('answered with 401, told to onDecision and not to onError:', () => {
  test.each<[string, unknown]>([
    ['jsonwebtoken, expired', error('jwt expired', { name: 'TokenExpiredError', expiredAt: new Date(0) })],
    ['jsonwebtoken, too early', error('jwt not active', { name: 'NotBeforeError', date: new Date(0) })],
    ['jsonwebtoken, none', jsonwebtoken('jwt must be provided')],
    ['jsonwebtoken, forged', jsonwebtoken('invalid signature')],
    [
      'jwks-rsa, of a key that is gone',
      jsonwebtoken(`error in secret or public key callback: Unable to find a signing key that matches 'a'`),
    ],
    ['jose, expired', jose('ERR_JWT_EXPIRED')],
    ['jose, for somebody else', jose('ERR_JWT_CLAIM_VALIDATION_FAILED')],
    ['jose, forged', jose('ERR_JWS_SIGNATURE_VERIFICATION_FAILED')],
    ['jose, none', jose('ERR_JWS_INVALID')],
    ['jose, no JWT', jose('ERR_JWT_INVALID')],
    ['jose, encrypted for somebody else', jose('ERR_JWE_DECRYPTION_FAILED')],
    ['jose, of a key that is gone', jose('ERR_JWKS_NO_MATCHING_KEY')],
    ['jose, of an algorithm that is not allowed', jose('ERR_JOSE_ALG_NOT_ALLOWED')],
    ['fast-jwt, forged', error('The token signature is invalid.', { code: 'FAST_JWT_INVALID_SIGNATURE' })],
    ['fast-jwt, expired', error('The token has expired.', { code: 'FAST_JWT_EXPIRED' })],
    ['Firebase, expired', firebase('auth/id-token-expired')],
    ['Firebase, revoked', firebase('auth/id-token-revoked')],
    ['Firebase, a session that is over', firebase('auth/session-cookie-expired')],
    ['Firebase, forged', firebase('auth/argument-error', 'Firebase ID token has invalid signature. See https://…')],
    [
      'Firebase, none',
      firebase('auth/argument-error', 'First argument to verifyIdToken() must be a Firebase ID token string.'),
    ],
    ['Passport', error('Unauthorized', { name: 'AuthenticationError', status: 401 })],
    ['express-jwt', error('jwt expired', { name: 'UnauthorizedError', code: 'invalid_token', status: 401, inner: {} })],
    ['express-oauth2-jwt-bearer', auth0('InvalidTokenError', 401, '"exp" claim timestamp check failed')],
    ['express-oauth2-jwt-bearer, none', auth0('UnauthorizedError', 401, 'Unauthorized')],
    ['aws-jwt-verify, of a key that is gone', new KidNotFoundInJwksError('No.')],
    ['aws-jwt-verify, expired', new JwtExpiredError('Token expired at 1970-01-01')],
    ['Clerk', error('JWT is expired.', { reason: 'token-expired' })],
    ['Hono, expired', hono.expired],
    ['Hono, forged', hono.forged],
    ['Hono, none', hono.none],
    ['Hono, of another algorithm', hono.mismatch],
    ['tRPC', trpc('UNAUTHORIZED')],
    ['google-auth-library, expired', new Error('Token used too late, 1767225600 > 1767225599: {"sub":"a"}')],
    ['google-auth-library, for somebody else', new Error('Wrong recipient, payload audience != requiredAudience')],
    ['google-auth-library, forged', new Error('Invalid token signature: a.b.c')],
    ['google-auth-library, no JWT', new SyntaxError("Can't parse token envelope: a': Unexpected end of JSON input")],
    ['google-auth-library, none', new Error('The verifyIdToken method requires an ID Token')],
    ['Okta, expired', error('Jwt is expired', { name: 'JwtParseError' })],
    ['Supabase, none', supabase('AuthSessionMissingError')],
    ['Supabase, forged', supabase('AuthApiError', 'bad_jwt')],
  ])('%s', async (_library, thrown) => {
    const { refusal, text, onError, onDecision } = await decide(thrown);
    expect(refusal).toEqual([401, 'UNAUTHORIZED']);
    expect(text).not.toContain((thrown as Error).message);
    expect(onError).not.toHaveBeenCalled();
    expect(onDecision).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ outcome: 'refused', status: 401, code: 'UNAUTHORIZED' }),
    );
  });
});

test.each<[string, unknown, number, string]>([
  ['Firebase, of a user who is disabled', firebase('auth/user-disabled'), 403, 'FORBIDDEN'],
  ['express-oauth2-jwt-bearer, of another scope', auth0('InsufficientScopeError', 403, 'No'), 403, 'FORBIDDEN'],
  ['Supabase, of a user who is banned', supabase('AuthApiError', 'user_banned'), 403, 'FORBIDDEN'],
  ['tRPC, of another role', trpc('FORBIDDEN'), 403, 'FORBIDDEN'],
  ['tRPC, of a limit', trpc('TOO_MANY_REQUESTS'), 429, 'RATE_LIMITED'],
])('a sign-in that is good, and not enough, has its own status: %s', async (_whose, thrown, status, code) => {
  const { refusal, onError } = await decide(thrown);
  expect(refusal).toEqual([status, code]);
  expect(onError).not.toHaveBeenCalled();
});

describe('the server’s own failure, and told to onError:', () => {
  test.each<[string, unknown]>([
    ['jsonwebtoken, without a key', jsonwebtoken('secret or public key must be provided')],
    ['jsonwebtoken, with options that are none', jsonwebtoken('clockTimestamp must be a number')],
    ['jwks-rsa, without a network', jsonwebtoken('error in secret or public key callback: connect ECONNREFUSED')],
    ['jose, without an answer', jose('ERR_JWKS_TIMEOUT')],
    ['jose, with keys that are none', jose('ERR_JWKS_INVALID')],
    ['jose, with a key that is none', jose('ERR_JWK_INVALID')],
    ['fast-jwt, without keys', error('Cannot fetch key.', { code: 'FAST_JWT_KEY_FETCHING_ERROR' })],
    ['Firebase, without keys', firebase('auth/argument-error', 'Error fetching public keys for Google certs: 503')],
    ['Firebase, of another function', firebase('auth/argument-error', 'The developer claims are invalid.')],
    ['Firebase, itself', firebase('auth/internal-error')],
    [
      'express-oauth2-jwt-bearer, without keys',
      auth0('InvalidTokenError', 401, 'Failed to fetch https://keys.example/'),
    ],
    ['express-oauth2-jwt-bearer, late', auth0('InvalidTokenError', 401, 'request timed out')],
    ['aws-jwt-verify, without keys', new FetchError('Failed to fetch https://keys.example/')],
    ['Clerk, without keys', error('No keys.', { reason: 'jwk-remote-failed-to-load' })],
    ['Hono, without an algorithm', hono.unset],
    ['google-auth-library, without keys', new Error('Failed to retrieve verification certificates: ENOTFOUND')],
    ['Okta, without keys', error('Error while resolving signing key for kid "a"', { name: 'JwtParseError' })],
    ['Supabase, without an answer', supabase('AuthRetryableFetchError')],
    ['Supabase, of a limit of the app’s own', supabase('AuthApiError', 'over_request_rate_limit')],
    ['tRPC, of a procedure that failed', trpc('INTERNAL_SERVER_ERROR')],
    [
      'a client of another server, by its answer',
      error('401', { name: 'UnauthorizedError', status: 401, rawResponse: {} }),
    ],
    [
      'a client of another server, by its request',
      error('401', { name: 'AuthenticationError', status: 401, request_id: 'r' }),
    ],
    ['a client of another server, of a token of its own', error('Expired.', { name: 'TokenExpiredError' })],
    ['a code that is none', error('No.', { code: Symbol('ERR_JWT_EXPIRED') })],
  ])('%s', async (_whose, thrown) => {
    const { refusal, onError } = await decide(thrown);
    expect(refusal).toEqual([500, 'INTERNAL']);
    expect(onError).toHaveBeenCalledExactlyOnceWith(thrown);
  });

  test.each(['limit', 'appCertificate', 'onIssued'])('what %s throws, which has looked at no sign-in', async (name) => {
    const onError = vi.fn();
    const handler = endpoint({ [name]: () => Promise.reject(jose('ERR_JWT_EXPIRED')), onError });
    expect(await refusalOf(await handler(ask(asked)))).toEqual([500, 'INTERNAL']);
    expect(onError).toHaveBeenCalledOnce();
  });
});

test('who sends forged sign-ins is held back like others who are not recognised', async () => {
  const limit = vi.fn(() => ({ retryAfterSeconds: 60 }));
  const limitUnrecognised = { limit, addressOf: () => '192.0.2.1' };
  const handler = endpoint({ authorize: () => Promise.reject(jose('ERR_JWS_INVALID')), limitUnrecognised });
  expect((await handler(ask(asked))).status).toBe(429);
  expect(limit).toHaveBeenCalledOnce();
});

describe('where nobody listens, the console says once why a sign-in was refused, since the server may have the wrong key:', () => {
  const written = async (listeners: object, ...thrown: unknown[]) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const error = vi.spyOn(console, 'error').mockImplementation(() => {});
    const authorize = vi.fn();
    for (const one of thrown) authorize.mockRejectedValueOnce(one);
    const handler = endpoint({ authorize, ...listeners });
    for (const _ of thrown) expect(await refusalOf(await handler(ask(asked)))).toEqual([401, 'UNAUTHORIZED']);
    expect(error).not.toHaveBeenCalled();
    const lines = warn.mock.calls.map(String);
    vi.restoreAllMocks();
    return lines;
  };

  test.each<[string, unknown, RegExp]>([
    ['jsonwebtoken', jsonwebtoken('invalid signature'), /threw JsonWebTokenError: invalid signature\. If every/],
    ['jsonwebtoken, of an audience', jsonwebtoken('jwt audience invalid. expected: a'), /audience invalid/],
    ['jose', jose('ERR_JWS_SIGNATURE_VERIFICATION_FAILED'), /ERR_JWS_SIGNATURE_VERIFICATION_FAILED/],
    ['jose, of keys', jose('ERR_JWKS_NO_MATCHING_KEY'), /ERR_JWKS_NO_MATCHING_KEY/],
    ['Firebase', firebase('auth/argument-error', 'Firebase ID token has incorrect "aud" (audience) claim.'), /"aud"/],
    ['aws-jwt-verify', new KidNotFoundInJwksError('No.'), /KidNotFoundInJwksError: No\. If/],
    ['Clerk', error('No.', { reason: 'token-invalid-signature' }), /token-invalid-signature/],
    ['Hono', hono.forged, /JwtTokenSignatureMismatched/],
    ['google-auth-library', new Error('Wrong recipient, payload audience != requiredAudience'), /Wrong recipient/],
  ])('%s', async (_library, thrown, line) => {
    const lines = await written({}, thrown, thrown);
    expect(lines).toEqual([expect.stringMatching(line)]);
    expect(lines[0]).not.toMatch(/eyJ|\n/);
  });

  test('not of those that are expired or none', async () => {
    const expired = error('jwt expired', { name: 'TokenExpiredError', expiredAt: new Date(0) });
    const late = new Error('Token used too late, 2 > 1: {"aud":"a","sub":"b"}');
    const none = jsonwebtoken('jwt must be provided');
    expect(await written({}, expired, late, none, hono.expired, hono.none, jose('ERR_JWT_EXPIRED'))).toEqual([]);
  });

  test.each(['onDecision', 'onError'])('not where `%s` listens', async (name) => {
    expect(await written({ [name]: () => {} }, jsonwebtoken('invalid signature'))).toEqual([]);
  });
});
