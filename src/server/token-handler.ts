import { allowAnyone, inProduction } from './allow-anyone.js';
import { checkHex32, checkLifeSeconds, checkWhole } from './check-arguments.js';
import { checkOrigins, corsHeaders } from './cors.js';
import { InvalidArgumentError } from './errors.js';
import { answerGuideRoute, guideResponse, guideRouteOf } from './guide-routes.js';
import { readTokenAsk } from './read-token-ask.js';
import { readJson } from './request-body.js';
import type { TokenHandlerOptions } from './token-handler-options.js';
import { createIssuer, type Issue } from './token-issuer.js';
import { internalError, TokenRequestError } from './token-request-error.js';

/** What answers a request, in the shape that runtimes with `fetch` agree on. */
export type FetchHandler = (request: Request) => Promise<Response>;

const DEFAULT_BODY_TIMEOUT_MS = 10_000;
const NEVER_STORED = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

/**
 * Makes the token endpoint: `POST` with JSON `{ userId, signaling, channels }`, answered with a token or a refusal for each thing asked.
 * Mount it wherever requests are objects of the Fetch API, or through `toNodeListener`. It keeps no state between requests.
 *
 * Answers other than 200 are `{ error: { code, message } }`: 400 `INVALID_JSON`, `INVALID_REQUEST`, `TOO_MANY_CHANNELS`,
 * 401 `UNAUTHORIZED`, 405 `METHOD_NOT_ALLOWED`, 408 `BODY_TIMEOUT`, 413 `BODY_TOO_LARGE`, 415 `UNSUPPORTED_MEDIA_TYPE`,
 * 429 `RATE_LIMITED`, 500 `INTERNAL`, and what a `TokenRequestError` thrown by `authorize` says.
 *
 * @throws InvalidArgumentError naming the option that cannot be right.
 */
export function createTokenHandler(options: TokenHandlerOptions): FetchHandler {
  checkOptions(options);
  const { cors, guideRoutes, bodyTimeoutMs = DEFAULT_BODY_TIMEOUT_MS, onError = logError } = options;
  const issue = createIssuer(options);
  const anyOriginAtGuide = typeof guideRoutes === 'object' && guideRoutes.anyOrigin === true;
  const headersFor = (request: Request) => (cors ? corsHeaders(request, cors.origins) : {});

  return async (request) => {
    const guideRoute = guideRoutes ? guideRouteOf(request) : null;
    if (guideRoute) {
      const response = await answerGuideRoute(guideRoute, request, issue, bodyTimeoutMs).catch((error: unknown) => {
        const { status, message, headers } = asRequestError(error, onError);
        return guideResponse(status, message, headers);
      });
      return withHeaders(response, anyOriginAtGuide ? ANY_ORIGIN : headersFor(request));
    }
    if (cors && request.method === 'OPTIONS')
      return withHeaders(new Response(null, { status: 204 }), headersFor(request));
    const response = await answer(request, issue, bodyTimeoutMs).catch((error: unknown) => {
      const { status, code, message, headers } = asRequestError(error, onError);
      return Response.json({ error: { code, message } }, { status, headers });
    });
    return withHeaders(response, headersFor(request));
  };
}

async function answer(request: Request, issue: Issue, bodyTimeoutMs: number): Promise<Response> {
  if (request.method !== 'POST') {
    throw new TokenRequestError(405, 'METHOD_NOT_ALLOWED', 'Tokens are asked for with POST.', { allow: 'POST' });
  }
  if (mediaType(request) !== 'application/json') {
    throw new TokenRequestError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be sent as application/json.');
  }
  return Response.json(await issue(request, readTokenAsk(await readJson(request, bodyTimeoutMs))));
}

/** The content type without its parameters. That it is demanded keeps pages of other origins from asking without a preflight. */
function mediaType(request: Request): string | undefined {
  return request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
}

/** As in the server of Agora's guide. */
const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': '*',
};

function withHeaders(response: Response, headers: Readonly<Record<string, string>>): Response {
  for (const [name, value] of Object.entries({ ...NEVER_STORED, ...headers })) response.headers.set(name, value);
  return response;
}

function asRequestError(error: unknown, onError: (error: unknown) => void): TokenRequestError {
  if (error instanceof TokenRequestError) return error;
  onError(error);
  return internalError();
}

function logError(error: unknown): void {
  console.error('agora-session: a token request failed.', error);
}

function checkOptions(options: TokenHandlerOptions): void {
  const { appId, appCertificate, authorize, expiresInSeconds, cors, guideRoutes, bodyTimeoutMs } = options;
  checkHex32('appId', appId);
  if (typeof appCertificate !== 'function') checkHex32('appCertificate', appCertificate);
  if (expiresInSeconds !== undefined) checkLifeSeconds('expiresInSeconds', expiresInSeconds);
  if (bodyTimeoutMs !== undefined) checkWhole('bodyTimeoutMs', bodyTimeoutMs, 1, 600_000);
  if (cors) checkOrigins(cors.origins);
  if (typeof authorize !== 'function') {
    const advice = 'without it anybody could log in as anybody. In development pass allowAnyone';
    throw new InvalidArgumentError('authorize', `is required: ${advice}.`);
  }
  if (!inProduction()) return;
  if (authorize === allowAnyone) {
    throw new InvalidArgumentError(
      'authorize',
      'must find out who asks: allowAnyone is refused with NODE_ENV=production.',
    );
  }
  if (typeof guideRoutes === 'object' && guideRoutes.anyOrigin) {
    throw new InvalidArgumentError(
      'guideRoutes.anyOrigin',
      'is for development: it is refused with NODE_ENV=production.',
    );
  }
}
