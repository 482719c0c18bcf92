import type { TokenFailure } from './token-failure.js';
import { TokenRequestError } from './token-failure.js';
import { TokenDeniedError, type TokenRequest, type TokenResponse, type TokenSource } from './token-source.js';

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
    if (typeof response !== 'object' || response === null) {
      return failed('unusable', 'TOKEN_INVALID', 'The token source answered without tokens.');
    }
    return { ok: true, response };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

/** What a token source's error means. Its own message is not passed on, since it may quote a URL or a header. */
export function describeFailure(error: unknown): TokenFailure {
  const name = error instanceof Error ? error.name : typeof error;
  if (error instanceof TokenDeniedError) {
    return {
      code: 'TOKEN_DENIED',
      kind: 'denied',
      message: 'The token source denied this user a token.',
      cause: { name },
    };
  }
  if (!(error instanceof TokenRequestError)) {
    const message = 'The token request failed; is the token server reachable from this page?';
    return { code: 'TOKEN_REQUEST_FAILED', kind: 'transient', message, cause: { name } };
  }
  const { status, retryAfterMs, unusable } = error;
  if (status === 403) {
    return { code: 'TOKEN_DENIED', kind: 'denied', message: 'The token server answered 403.', cause: { name, status } };
  }
  return {
    code: unusable && status === undefined ? 'TOKEN_INVALID' : 'TOKEN_REQUEST_FAILED',
    kind: unusable ? 'unusable' : 'transient',
    message: status === undefined ? error.message : `The token server answered ${status}.`,
    cause: status === undefined ? { name } : { name, status },
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  };
}

/** What a request without an answer amounts to. */
export function requestTimedOut(afterMs: number): TokenFailure {
  const message = `The token server did not answer within ${Math.round(afterMs / 1000)} s.`;
  return { code: 'TOKEN_REQUEST_FAILED', kind: 'transient', message, cause: { name: 'TimeoutError' } };
}

function failed(kind: TokenFailure['kind'], code: TokenFailure['code'], message: string): RequestOutcome {
  return { ok: false, failure: { code, kind, message } };
}
