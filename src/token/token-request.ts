import { isBranded } from './error-brand.js';
import { type Fields, layersOf } from './error-layers.js';
import { kindOf } from './kind-of.js';
import { httpStatus, isNetworkTrouble } from './network-trouble.js';
import { answeredWith, type ServerWords, wordsIn } from './server-words.js';
import { TARGETS } from './targets.js';
import { describeThrown, isErrorLike, isObject, type Thrown } from './thrown.js';
import {
  isDenialStatus,
  isFinalStatus,
  type PlainCause,
  type TokenFailure,
  type TokenRequestError,
} from './token-failure.js';
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

/** Says what came where an answer was expected, or null. Values are not told, but for words: one of them may be a token. */
function wrongShape(response: unknown): TokenFailure | null {
  if (isObject(response) && Object.values(TARGETS).some(({ field }) => field in response)) return null;
  // Some clients return what others throw.
  const { error } = Object(response) as Fields;
  if (isErrorLike(error)) return describeFailure(error);
  if (isErrorLike(response) || httpStatus(response) !== undefined) return describeFailure(response);
  const { code, text } = wordsIn(response);
  const said = [code, text].filter(Boolean).join(': ');
  const got = `${kindOf(response).replace(/\bservedAt(, )?/, '')}${said && ` (${said})`}`;
  const message = `The token source answered without tokens: expected { signaling: { token }, channels: { … } }, got ${withoutSecrets(got)}.`;
  return { code: 'TOKEN_INVALID', kind: 'unusable', message };
}

function wrongUser({ userId }: TokenResponse, asked: string): TokenFailure | null {
  // Some languages write null for what is not there.
  if ((userId ?? asked) === asked) return null;
  const named = typeof userId === 'string' ? `the user "${withoutSecrets(userId)}"` : `a user of type ${typeof userId}`;
  const message = `The token server answered for ${named}; this session's is "${asked}".`;
  return { code: 'TOKEN_MISMATCH', kind: 'unusable', message };
}

/** What a token source's error means. Whatever it says is told without what may be secret in it. Never throws. */
export function describeFailure(thrown: unknown): TokenFailure {
  try {
    return failureOf(thrown);
  } catch {
    // A getter or a Proxy may fail at every look.
    return sourceFailed({ name: typeof thrown, message: 'it cannot be looked at' });
  }
}

function failureOf(thrown: unknown): TokenFailure {
  if (isBranded<TokenDeniedError>(thrown, 'TokenDeniedError')) {
    const message = withoutSecrets(thrown.message) || 'The token source denied this user a token.';
    return { code: 'TOKEN_DENIED', kind: 'denied', message, cause: plainCause(thrown) };
  }
  if (isBranded<TokenRequestError>(thrown, 'TokenRequestError')) return describeRequestError(thrown);
  const said = describeThrown(thrown);
  const status = httpStatus(thrown);
  if (status !== undefined) {
    const words = saidBeside(status, thrown);
    const message = answeredWith(status, words);
    return describeRequestError({
      name: said.name,
      message,
      status,
      code: words.code,
      unusable: isFinalStatus(status),
    });
  }
  if (isNetworkTrouble(thrown)) {
    const message =
      'The token request failed; is the token server reachable from this page (network, CORS, content security policy)?';
    return { code: 'TOKEN_REQUEST_FAILED', kind: 'transient', message, cause: { name: said.name } };
  }
  return sourceFailed(said);
}

/** The innermost words are the server's; what a client says is often no more than the status. */
function saidBeside(status: number, thrown: unknown): ServerWords {
  const said = layersOf(thrown)
    .reverse()
    .map((layer) => wordsIn(layer));
  return said.find(({ text }) => text && !text.includes(String(status))) ?? {};
}

function sourceFailed({ name, message, code }: Thrown): TokenFailure {
  return {
    code: 'TOKEN_SOURCE_FAILED',
    kind: 'unusable',
    message: `The app's token source, or one of its options, threw ${name}: ${withoutSecrets(message)}`,
    cause: plainCause({ name, status: undefined, code }),
  };
}

/** What is known of a request that failed, whoever's error says it. */
interface FailedRequest {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
  readonly code?: string | number | undefined;
  readonly retryAfterMs?: number | undefined;
  readonly unusable: boolean;
}

function describeRequestError(error: FailedRequest): TokenFailure {
  const { status, retryAfterMs, unusable } = error;
  const told = { message: withoutSecrets(error.message), cause: plainCause(error) };
  if (isDenialStatus(status)) return { code: 'TOKEN_DENIED', kind: 'denied', ...told };
  return {
    code: unusable && status === undefined ? 'TOKEN_INVALID' : 'TOKEN_REQUEST_FAILED',
    kind: unusable ? 'unusable' : 'transient',
    ...told,
    // A header in words is no number.
    ...(retryAfterMs !== undefined && retryAfterMs >= 0 && { retryAfterMs }),
  };
}

function plainCause({ name, status, code }: Pick<FailedRequest, 'name' | 'status' | 'code'>): PlainCause {
  return {
    name,
    ...(status !== undefined && { status }),
    ...(code !== undefined && { code: typeof code === 'string' ? withoutSecrets(code) : code }),
  };
}

/** What a request without an answer amounts to. */
export function requestTimedOut(afterMs: number): TokenFailure {
  const message = `The token server did not answer within ${Math.round(afterMs / 1000)} s.`;
  return { code: 'TOKEN_REQUEST_FAILED', kind: 'transient', message, cause: { name: 'TimeoutError' } };
}
