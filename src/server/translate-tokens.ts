import type { TokenGrant, TokenRefusal } from '../token/token-source.js';
import type { TokenAnswer, TokenAsk } from '../token/wire-format.js';
import { refuseAnyOrigin } from './check-handler-options.js';
import { behind, type FetchHandler } from './endpoint.js';
import { demandRequest } from './fetch-edge.js';
import { foreignOrigin, isForeign } from './foreign-page.js';
import { readJson } from './request-body.js';
import { isRequestRefusedError, RequestRefusedError } from './request-refused-error.js';

/** How clients that are there already ask for tokens, and what they take for an answer. */
export interface TokenDialect {
  /**
   * What a request asks for, by its address and, for a POST, its JSON. The handler checks it like any other request. A `RequestRefusedError`
   * that it throws is answered as it says, anything else as a 400: the body is whatever the caller has sent.
   */
  readonly ask: (url: URL, body: unknown) => { readonly [Field in keyof TokenAsk]: unknown };
  /** What is answered, as JSON. Called only when everything that was asked for is given; what was not is ''. */
  readonly answer: (given: {
    readonly userId: string;
    readonly signaling: string;
    readonly channel: string;
  }) => unknown;
}

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
 * @throws InvalidArgumentError for `anyOrigin` in production.
 */
export function translateTokens(
  handler: FetchHandler,
  dialect: TokenDialect,
  { anyOrigin = false }: TranslateOptions = {},
): FetchHandler {
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
      return Response.json(dialect.answer(given), { headers: answered });
    } catch (error) {
      if (isRequestRefusedError(error)) return refuse(error.status, error.message, answered ?? error.headers);
      throw error;
    }
  };
}

/** @throws RequestRefusedError 405, or 400 and others for a body that cannot be read. */
async function translate(request: Request, { ask }: TokenDialect): Promise<Request> {
  if (request.method !== 'GET' && request.method !== 'POST') {
    throw new RequestRefusedError(405, 'METHOD_NOT_ALLOWED', 'Tokens are asked for with GET or POST.', {
      allow: 'GET, POST',
    });
  }
  const content = request.method === 'POST' ? await readJson(request, BODY_TIMEOUT_MS) : null;
  const headers = new Headers(request.headers);
  headers.set('content-type', 'application/json');
  headers.delete('content-length');
  const body = JSON.stringify(asked(ask, new URL(request.url), content ?? {}));
  return new Request(request.url, { method: 'POST', headers, body, signal: request.signal });
}

/** @throws RequestRefusedError 400 where the app's function cannot make sense of the request, unless it says so itself. */
function asked(ask: TokenDialect['ask'], url: URL, content: unknown): ReturnType<TokenDialect['ask']> {
  try {
    return ask(url, content);
  } catch (error) {
    if (isRequestRefusedError(error)) throw error;
    throw new RequestRefusedError(400, 'INVALID_REQUEST', 'The request does not say what it asks for.');
  }
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
