import type { TokenGrant, TokenRefusal } from '../token/token-source.js';
import type { TokenAnswer } from '../token/wire-format.js';
import { checkFunction, checkObject } from './access-token/check-arguments.js';
import { refuseAnyOrigin } from './check-handler-options.js';
import { behind, type FetchHandler } from './endpoint.js';
import { demandRequest } from './fetch-edge.js';
import { foreignOrigin, isForeign } from './foreign-page.js';
import { readJson } from './request-body.js';
import { isRequestRefusedError, RequestRefusedError } from './request-refused-error.js';
import { answeredIn, askedIn, type TokenDialect } from './token-dialect.js';

/** What {@link translateTokens} takes besides. */
export interface TranslateOptions {
  /**
   * Whether pages of any origin may ask. Requests in the ways of other servers need no preflight, so by default those of other origins
   * than the server's own and those of the handler's `cors` are refused (403) before anything else is done. For development with a
   * throw-away certificate only: refused with `NODE_ENV=production`. Default: false.
   */
  readonly anyOrigin?: boolean;
}

const BODY_TIMEOUT_MS = 10_000;

/**
 * Lets a token handler answer as another server does, so that its clients need no change. Who gets what is still for `authorize` to say;
 * refusals are answered as `{ status, error }`.
 *
 * @throws InvalidArgumentError for `anyOrigin` in production, and naming the argument that cannot be right.
 */
export function translateTokens(
  handler: FetchHandler,
  dialect: TokenDialect,
  options: TranslateOptions = {},
): FetchHandler {
  checkFunction('handler', handler);
  checkObject('dialect', dialect, 'ask and answer');
  checkFunction('dialect.ask', dialect.ask);
  checkFunction('dialect.answer', dialect.answer);
  checkObject('options', options, 'anyOrigin');
  const { anyOrigin = false } = options;
  if (anyOrigin) refuseAnyOrigin('anyOrigin');
  const allowsOrigin = behind(handler)?.allowsOrigin ?? (() => false);
  return async (request) => {
    demandRequest(request);
    let answered: Headers | null = null; // with what the handler says of origins
    try {
      if (request.method === 'OPTIONS') return await handler(request);
      if (!anyOrigin && isForeign(request, allowsOrigin)) throw foreignOrigin();
      const response = await handler(await translate(request, dialect));
      answered = response.headers;
      const body = (await response.json()) as TokenAnswer & TokenRefusal;
      if (!response.ok) return refuse(response.status, body.error.message, answered);
      const [signaling, channel] = [body.signaling, Object.values(body.channels)[0]].map(tokenOf);
      const given = { userId: body.userId, signaling: signaling ?? '', channel: channel ?? '' };
      return Response.json(answeredIn(dialect, given), { headers: answered });
    } catch (error) {
      if (isRequestRefusedError(error)) return refuse(error.status, error.message, answered ?? error.headers);
      throw error;
    }
  };
}

/** @throws RequestRefusedError 405, or 400 and others for a body that cannot be read. */
async function translate(request: Request, dialect: TokenDialect): Promise<Request> {
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new RequestRefusedError(405, 'METHOD_NOT_ALLOWED', 'Tokens are asked for with GET or POST.', {
      allow: 'GET, POST',
    });
  }
  const content = request.method === 'POST' ? await readJson(request, BODY_TIMEOUT_MS) : null;
  const headers = new Headers(request.headers);
  headers.set('content-type', 'application/json');
  headers.delete('content-length');
  const body = JSON.stringify(askedIn(dialect, new URL(request.url), content ?? {}));
  return new Request(request.url, { method: 'POST', headers, body, signal: request.signal });
}

/** @throws RequestRefusedError 403 for what was asked for and refused. */
function tokenOf(given: TokenGrant | TokenRefusal | undefined): string | undefined {
  if (given && 'error' in given) throw new RequestRefusedError(403, given.error.code, given.error.message);
  return given?.token;
}

function refuse(status: number, error: string, given: HeadersInit): Response {
  const headers = new Headers(given);
  headers.set('cache-control', 'no-store');
  return Response.json({ status, error }, { status, headers });
}
