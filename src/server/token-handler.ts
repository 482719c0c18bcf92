import { checkHandlerOptions } from './check-handler-options.js';
import { type AllowsOrigin, allowsOriginBy, corsHeaders } from './cors.js';
import { Decision } from './decision.js';
import { endingOf } from './ending.js';
import { type Behind, type EndpointAnswer, type EndpointRequest, type FetchHandler, NEVER_STORED } from './endpoint.js';
import { toFetchHandler } from './fetch-edge.js';
import { foreignOrigin, isForeign } from './foreign-page.js';
import { GUIDE_FORMATS, GUIDE_PREFLIGHT, guideRouteOf } from './guide-routes.js';
import { logError } from './log-error.js';
import { jsonFormat, type RequestFormat } from './request-format.js';
import { decisionTeller } from './tell-decision.js';
import type { TokenHandlerOptions } from './token-handler-options.js';
import { createIssuer } from './token-issuer.js';

const DEFAULT_TIMEOUT_MS = 10_000;
const PREFLIGHT: EndpointAnswer = { status: 204, headers: NEVER_STORED, body: null };

/**
 * Makes the token endpoint: `POST` with JSON `{ userId, signaling, channels }`, answered with a token or a refusal for each thing asked.
 * Mount it wherever requests are objects of the Fetch API, or through `toNodeListener`. With `cors` it answers preflights too, so a
 * route that is bound to a method must hand it both, `POST` and `OPTIONS`. It keeps no state of a request that it has answered.
 *
 * Answers other than 200 are `{ error: { code, message } }`: 400 `INVALID_JSON`, `INVALID_REQUEST`, `TOO_MANY_CHANNELS`,
 * 401 `UNAUTHORIZED`, 403 `FOREIGN_ORIGIN` (the guide's routes), 405 `METHOD_NOT_ALLOWED`, 408 `BODY_TIMEOUT`, 413 `BODY_TOO_LARGE`,
 * 415 `UNSUPPORTED_MEDIA_TYPE`, 429 `RATE_LIMITED`, 500 `INTERNAL`, 503 `DECISION_TIMEOUT`, and what a `RequestRefusedError` or a
 * `Response` thrown by `authorize` says.
 *
 * @throws InvalidArgumentError naming the option that cannot be right.
 */
export function createTokenHandler(options: TokenHandlerOptions): FetchHandler {
  checkHandlerOptions(options);
  return toFetchHandler(makeEndpoint(options));
}

function makeEndpoint(options: TokenHandlerOptions): Behind {
  const { cors, guideRoutes } = options;
  const onError = reporterOf(options);
  const allowsOrigin = allowsOriginBy(cors, onError);
  const decide = decider(options, onError, allowsOrigin);
  const anyOriginAtGuide = typeof guideRoutes === 'object' && guideRoutes.anyOrigin === true;
  const headersFor = (request: EndpointRequest) => (cors ? corsHeaders(request, allowsOrigin) : null);

  return {
    allowsOrigin,
    async endpoint(request) {
      const guideRoute = guideRoutes ? guideRouteOf(request) : null;
      if (!guideRoute) {
        const preflight = cors && request.method === 'OPTIONS';
        return withHeaders(preflight ? PREFLIGHT : await decide(request, jsonFormat, true), headersFor(request));
      }
      const answered =
        request.method === 'OPTIONS'
          ? GUIDE_PREFLIGHT
          : await decide(request, GUIDE_FORMATS[guideRoute], anyOriginAtGuide);
      return withHeaders(answered, anyOriginAtGuide ? ANY_ORIGIN : headersFor(request));
    },
  };
}

/**
 * Decides about requests, whatever format they are in.
 *
 * @returns a function that takes whether pages of any origin may ask: where a browser asks first, as for JSON, the answer to that is enough.
 */
function decider(options: TokenHandlerOptions, onError: (error: unknown) => void, allowsOrigin: AllowsOrigin) {
  const { bodyTimeoutMs = DEFAULT_TIMEOUT_MS, decisionTimeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const issue = createIssuer(options);
  const tell = decisionTeller(options.onDecision);
  return async (request: EndpointRequest, format: RequestFormat, anyOrigin: boolean): Promise<EndpointAnswer> => {
    const decision = new Decision(request, decisionTimeoutMs);
    const told = tell(decision);
    try {
      if (!anyOrigin && isForeign(request, allowsOrigin)) throw foreignOrigin();
      const { asked, limits } = await format.read(request, bodyTimeoutMs);
      const issued = await issue(decision, asked, limits);
      const answer = format.granted(issued);
      told?.granted(issued);
      return answer;
    } catch (error) {
      const { outcome, refusal, report } = endingOf(error, request.gone);
      if (report) onError(error);
      told?.ended(outcome);
      return format.refused(refusal);
    } finally {
      decision.end();
    }
  };
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

/** Tells the app of what went wrong; that it fails to listen changes no answer. */
function reporterOf({ onError = logError }: TokenHandlerOptions): (error: unknown) => void {
  return (error) => void (async () => onError(error))().catch(logError);
}
