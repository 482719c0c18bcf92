import { systemClock } from '../environment/clock.js';
import { createTokenHandler, type FetchHandler, RequestRefusedError } from '../server/index.js';
import {
  corsHeaders,
  inProduction,
  internalError,
  jsonFormat,
  logError,
  NEVER_STORED,
  refusalIn,
} from '../server/parts.js';
import { answerControl, type Controlled, done } from './controls.js';
import type { Credentials } from './credentials.js';
import { localUsers, withDevelopmentSwitches } from './dev-authorize.js';
import type { DevBackendOptions, DevConfig } from './dev-backend-options.js';
import { demandLocal } from './local-only.js';
import { PATHS } from './paths.js';
import type { TokenFaults } from './token-faults.js';

/** Each path with the check that comes before it and what answers it. */
export function makeRoutes(
  { authorize, origins = [], clock = systemClock }: DevBackendOptions,
  credentials: Credentials,
  config: DevConfig,
  faults: TokenFaults,
  controlled: Controlled | null,
): Map<string, FetchHandler> {
  const anyOrigin = credentials.throwaway && !inProduction();
  const tokens = createTokenHandler({
    appId: credentials.appId,
    appCertificate: credentials.appCertificate,
    expiresInSeconds: config.expiresInSeconds,
    authorize: withDevelopmentSwitches(authorize ?? localUsers, faults, {
      defaultSeconds: config.expiresInSeconds,
      longestSeconds: authorize ? config.expiresInSeconds : Number.POSITIVE_INFINITY,
    }),
    cors: { origins },
    guideRoutes: { anyOrigin },
    now: () => clock.now(),
  });
  const guarded =
    (handler: FetchHandler, allowed: readonly string[] | null = origins): FetchHandler =>
    async (request) => {
      if (!authorize) demandLocal(request, allowed);
      return handler(request);
    };
  const guide = guarded(tokens, anyOrigin ? null : origins);
  const routes = new Map<string, FetchHandler>([
    [PATHS.tokens, guarded(tokens)],
    [PATHS.config, guarded(crossOrigin(async () => Response.json(config, { headers: NEVER_STORED }), origins))],
    [PATHS.guideRtm, guide],
    [PATHS.guideRtc, guide],
  ]);
  if (controlled) {
    const controls = crossOrigin((request) => answerControl(request, controlled), origins);
    routes.set(PATHS.controls, async (request) => {
      demandLocal(request, origins); // whoever may have tokens may not, for that, throw others out
      return controls(request);
    });
  }
  return routes;
}

/** Lets pages of these origins use what would otherwise answer the server's own only. */
function crossOrigin(handler: FetchHandler, origins: readonly string[]): FetchHandler {
  return async (request) => {
    const response = request.method === 'OPTIONS' ? done() : await handler(request).catch(refusal);
    for (const [name, value] of Object.entries(corsHeaders(request, (origin) => origins.includes(origin))))
      response.headers.set(name, value);
    return response;
  };
}

/** Which of the backend's paths an address ends with: what comes before is where its server is mounted. */
export function pathIn(url: string): string | undefined {
  const { pathname } = new URL(url);
  return Object.values(PATHS).find((path) => pathname.endsWith(path));
}

/** Answers a request by its path; what no route answers is 404. */
export async function route(request: Request, routes: ReadonlyMap<string, FetchHandler>): Promise<Response> {
  const handler = routes.get(pathIn(request.url) ?? '');
  const notFound = () => new RequestRefusedError(404, 'NOT_FOUND', 'There is nothing at this path.');
  return handler ? handler(request).catch(refusal) : refusal(notFound());
}

/** The answer to a request that failed with this error. */
export function refusal(error: unknown): Response {
  const known = refusalIn(error);
  if (!known) logError(error);
  const { status, headers, body } = jsonFormat.refused(known ?? internalError());
  return new Response(body, { status, headers });
}
