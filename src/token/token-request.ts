import { isBranded } from './error-brand.js';
import { httpStatus, isNetworkTrouble } from './network-trouble.js';
import { TARGETS } from './targets.js';
import { type TokenErrorCode, type TokenFailure, TokenRequestError } from './token-failure.js';
import type { TokenDeniedError, TokenRequest, TokenResponse, TokenSource } from './token-source.js';
import { withoutSecrets } from './without-secrets.js';

/** A token source's answer, or why there is none. */
export type RequestOutcome =
  | { readonly ok: true; readonly response: TokenResponse }
  | { readonly ok: false; readonly failure: TokenFailure };

/** Asks a token source once. Never throws: whatever the source does becomes an outcome, free of anything secret. */
export async function requestTokens(
  source: TokenSource,
  request: TokenRequest,
  signal: AbortSignal,
): Promise<RequestOutcome> {
  try {
    const response: unknown = await source.getTokens(request, { signal });
    const failure = wrongShape(response) ?? wrongUser(response as TokenResponse, request.userId);
    return failure ? { ok: false, failure } : { ok: true, response: response as TokenResponse };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

/** Says what came where an answer was expected, or null. Names of fields are told, values never: one of them may be a token. */
function wrongShape(response: unknown): TokenFailure | null {
  const isAnswer = (answer: object): boolean => Object.values(TARGETS).some(({ field }) => field in answer);
  if (typeof response === 'object' && response !== null && isAnswer(response)) return null;
  const fields = Object.keys(Object(response)).filter((name) => name !== 'servedAt');
  const got = typeof response === 'object' ? response && `{ ${fields.slice(0, 10).join(', ')} }` : typeof response;
  const message = `The token source answered without tokens: expected { signaling: { token }, channels: { … } }, got ${withoutSecrets(`${got}`)}.`;
  return { code: 'TOKEN_INVALID', kind: 'unusable', message };
}

function wrongUser({ userId }: TokenResponse, asked: string): TokenFailure | null {
  if (userId === undefined || userId === asked) return null;
  const named = typeof userId === 'string' ? `the user "${withoutSecrets(userId)}"` : `a user of type ${typeof userId}`;
  const message = `The token server answered for ${named}; this session's is "${asked}".`;
  return { code: 'TOKEN_MISMATCH', kind: 'unusable', message };
}

/** What a token source's error means. Whatever it says is told without what may be secret in it. */
export function describeFailure(error: unknown): TokenFailure {
  if (isBranded<TokenDeniedError>(error, 'TokenDeniedError')) {
    return failure('TOKEN_DENIED', 'denied', withoutSecrets(error.message), error);
  }
  if (isBranded<TokenRequestError>(error, 'TokenRequestError')) return requestFailure(error);
  const name = error instanceof Error ? error.name : typeof error;
  const status = httpStatus(error);
  if (status !== undefined) {
    return requestFailure(new TokenRequestError(`The token server answered ${status}.`, { status }), name);
  }
  if (isNetworkTrouble(error)) {
    const message = 'The token server cannot be reached: network, CORS or content security policy.';
    return failure('TOKEN_REQUEST_FAILED', 'transient', message, { name });
  }
  const text = withoutSecrets(error instanceof Error ? error.message : String(error));
  return failure('TOKEN_SOURCE_FAILED', 'unusable', `The app's token source threw ${name}: ${text}`, { name });
}

function requestFailure(error: TokenRequestError, name: string = error.name): TokenFailure {
  const { status, code, retryAfterMs, unusable } = error;
  const message = withoutSecrets(error.message);
  const cause = { name, status, code };
  if (status === 403) return failure('TOKEN_DENIED', 'denied', message, cause);
  const isAnswer = unusable && status === undefined;
  return {
    ...failure(
      isAnswer ? 'TOKEN_INVALID' : 'TOKEN_REQUEST_FAILED',
      unusable ? 'unusable' : 'transient',
      message,
      cause,
    ),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** What a request without an answer amounts to. */
export function requestTimedOut(afterMs: number): TokenFailure {
  const message = `The token server did not answer within ${Math.round(afterMs / 1000)} s.`;
  return failure('TOKEN_REQUEST_FAILED', 'transient', message, { name: 'TimeoutError' });
}

/** Of the error beneath only this is told: it may carry anything. */
interface Beneath {
  readonly name: string;
  readonly status?: number | undefined;
  readonly code?: string | number | undefined;
}

function failure(
  code: TokenErrorCode,
  kind: TokenFailure['kind'],
  message: string,
  { name, status, code: serverCode }: Beneath,
): TokenFailure {
  const cause = {
    name,
    ...(status !== undefined && { status }),
    ...(serverCode !== undefined && { code: serverCode }),
  };
  return { code, kind, message, cause };
}
