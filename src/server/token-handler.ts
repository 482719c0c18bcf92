import { checkHex32, checkLifeSeconds, checkWhole } from './access-token/check-arguments.js';
import { InvalidArgumentError } from './access-token/errors.js';
import { allowAnyone, inProduction } from './allow-anyone.js';
import { checkOrigins, corsHeaders } from './cors.js';
import {
  type Endpoint,
  type EndpointAnswer,
  type EndpointRequest,
  type FetchHandler,
  jsonAnswer,
  NEVER_STORED,
} from './endpoint.js';
import { toFetchHandler } from './fetch-edge.js';
import { answerGuideRoute, guideAnswer, guideRouteOf } from './guide-routes.js';
import { logError } from './log-error.js';
import { readTokenAsk } from './read-token-ask.js';
import { isJson, parseJson } from './request-body.js';
import type { TokenHandlerOptions } from './token-handler-options.js';
import { createIssuer, type Issue } from './token-issuer.js';
import { internalError, TokenRequestError } from './token-request-error.js';

const DEFAULT_BODY_TIMEOUT_MS = 10_000;
const PREFLIGHT: EndpointAnswer = { status: 204, headers: NEVER_STORED, body: null };

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
  return toFetchHandler(makeEndpoint(options));
}

function makeEndpoint(options: TokenHandlerOptions): Endpoint {
  const { cors, guideRoutes, bodyTimeoutMs = DEFAULT_BODY_TIMEOUT_MS } = options;
  const onError = reporterOf(options);
  const issue = createIssuer(options);
  const anyOriginAtGuide = typeof guideRoutes === 'object' && guideRoutes.anyOrigin === true;
  const headersFor = (request: EndpointRequest) => (cors ? corsHeaders(request, cors.origins) : null);

  return async (request) => {
    const guideRoute = guideRoutes ? guideRouteOf(request) : null;
    if (guideRoute) {
      const answered = await answerGuideRoute(guideRoute, request, issue, bodyTimeoutMs).catch((error: unknown) => {
        const { status, message, headers } = asRequestError(error, onError);
        return guideAnswer(status, message, headers);
      });
      return withHeaders(answered, anyOriginAtGuide ? ANY_ORIGIN : headersFor(request));
    }
    if (cors && request.method === 'OPTIONS') return withHeaders(PREFLIGHT, headersFor(request));
    const answered = await answer(request, issue, bodyTimeoutMs).catch((error: unknown) => {
      const { status, code, message, headers } = asRequestError(error, onError);
      return jsonAnswer(status, { error: { code, message } }, headers);
    });
    return withHeaders(answered, headersFor(request));
  };
}

async function answer(request: EndpointRequest, issue: Issue, bodyTimeoutMs: number): Promise<EndpointAnswer> {
  if (request.method !== 'POST') {
    throw new TokenRequestError(405, 'METHOD_NOT_ALLOWED', 'Tokens are asked for with POST.', { allow: 'POST' });
  }
  if (!isJson(request.headers)) {
    throw new TokenRequestError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The body must be sent as application/json.');
  }
  const asked = readTokenAsk(parseJson(await request.readBody(bodyTimeoutMs)));
  return jsonAnswer(200, await issue(request, asked));
}

/** As in the server of Agora's guide. */
const ANY_ORIGIN = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': '*',
};

function withHeaders(answered: EndpointAnswer, headers: Readonly<Record<string, string>> | null): EndpointAnswer {
  if (!headers) return answered;
  const vary = [answered.headers.vary, headers.vary].filter((names) => names !== undefined).join(', ');
  return { ...answered, headers: { ...answered.headers, ...headers, ...(vary ? { vary } : {}) } };
}

function asRequestError(error: unknown, onError: (error: unknown) => void): TokenRequestError {
  if (error instanceof TokenRequestError) return error;
  onError(error);
  return internalError();
}

/** Tells the app of what went wrong; that it fails to listen changes no answer. */
function reporterOf({ onError = logError }: TokenHandlerOptions): (error: unknown) => void {
  return (error) => void (async () => onError(error))().catch(logError);
}

function checkOptions(options: TokenHandlerOptions): void {
  const { appId, appCertificate, authorize, expiresInSeconds, cors, guideRoutes, bodyTimeoutMs } = options;
  const { limit, onIssued, onError, now } = options;
  checkHex32('appId', appId);
  if (typeof appCertificate !== 'function') checkHex32('appCertificate', appCertificate);
  if (expiresInSeconds !== undefined) checkLifeSeconds('expiresInSeconds', expiresInSeconds);
  if (bodyTimeoutMs !== undefined) checkWhole('bodyTimeoutMs', bodyTimeoutMs, 1, 600_000);
  if (cors) checkOrigins(cors.origins);
  for (const [name, value] of Object.entries({ limit, onIssued, onError, now })) {
    if (value !== undefined && typeof value !== 'function') throw new InvalidArgumentError(name, 'must be a function.');
  }
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
