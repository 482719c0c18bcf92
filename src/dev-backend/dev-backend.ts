import type { IncomingMessage, Server } from 'node:http';
import { SignalingEmulator, serveEmulator } from '../emulator/index.js';
import { type Clock, systemClock } from '../environment/clock.js';
import { inProduction } from '../server/allow-anyone.js';
import {
  type Authorize,
  createTokenHandler,
  type FetchHandler,
  InvalidArgumentError,
  TokenRequestError,
} from '../server/index.js';
import { internalError } from '../server/token-request-error.js';
import { answerControl, type Controlled } from './controls.js';
import { type Credentials, credentialsFrom, type Environment, throwawayCredentials } from './credentials.js';
import { localUsers, withDevelopmentSwitches } from './dev-authorize.js';
import { defaultLifeSeconds } from './environment.js';
import { demandLocal, isLocalUpgrade } from './local-only.js';
import { OtherDevice } from './other-device.js';
import { TokenFaults } from './token-faults.js';

/** Where a development backend answers. */
export const PATHS = {
  tokens: '/api/agora/tokens',
  config: '/api/agora/config',
  controls: '/api/agora/controls',
  signaling: '/api/agora/signaling',
  guideRtm: '/fetch_rtm_token',
  guideRtc: '/fetch_rtc_token',
} as const;

/** What {@link createDevBackend} takes. */
export interface DevBackendOptions {
  /** The variables to read `AGORA_APP_ID`, `AGORA_APP_CERTIFICATE` and `TOKEN_TTL_SECONDS` from. */
  readonly environment: Environment;
  /** Whether to run a local Signaling. Default: only with throw-away credentials, which Agora does not know. */
  readonly emulator?: boolean;
  /** Who may have which tokens. Default: whoever asks from this machine gets what they ask. Given, other machines may ask too. */
  readonly authorize?: Authorize;
  /** Origins whose pages may ask besides the server's own. Default: none. */
  readonly origins?: readonly string[];
  /** The time and the timers. Default: the system's. */
  readonly clock?: Clock;
}

/** What a page learns about the backend it talks to. */
export interface DevConfig {
  readonly appId: string;
  /** Whether Signaling is the local one, at {@link signalingPath}; otherwise it is Agora's. */
  readonly emulator: boolean;
  readonly signalingPath: string;
  /** The life of the tokens that the endpoint gives out. */
  readonly expiresInSeconds: number;
  /** Whether the project is made up. */
  readonly throwawayCredentials: boolean;
}

/** A token endpoint and, where wanted, a local Signaling, for development. */
export interface DevBackend {
  readonly config: DevConfig;
  /** The local Signaling; null where Agora's is meant. */
  readonly emulator: SignalingEmulator | null;
  /** Answers the paths that it {@link DevBackend.owns}, and everything else with 404. */
  readonly handler: FetchHandler;
  /** Whether a path is one of the backend's. */
  owns(pathname: string): boolean;
  /** Lets clients reach the local Signaling through this server, until closed. Does nothing without an emulator. */
  attach(server: Server): Promise<{ close(): Promise<void> }>;
}

/**
 * Makes a development backend. Without `authorize` it is for this machine only, and refuses to make real tokens in production.
 *
 * @throws InvalidArgumentError naming the variable or option that cannot be right.
 */
export function createDevBackend(options: DevBackendOptions): DevBackend {
  const { environment, authorize, clock = systemClock } = options;
  const credentials = credentialsFrom(environment) ?? throwawayCredentials();
  if (inProduction() && !credentials.throwaway && !authorize) {
    throw new InvalidArgumentError('authorize', 'is required with NODE_ENV=production and a real app certificate.');
  }
  const emulator = (options.emulator ?? credentials.throwaway) ? makeEmulator(credentials, clock) : null;
  const config: DevConfig = {
    appId: credentials.appId,
    emulator: emulator !== null,
    signalingPath: PATHS.signaling,
    expiresInSeconds: defaultLifeSeconds(environment),
    throwawayCredentials: credentials.throwaway,
  };
  const faults = new TokenFaults();
  const otherDevice = emulator ? new OtherDevice(emulator, credentials, clock) : null;
  const controlled = emulator && otherDevice ? { emulator, otherDevice, faults } : null;
  const routes = makeRoutes(options, credentials, config, faults, controlled);
  const accept = (request: IncomingMessage) =>
    authorize !== undefined || isLocalUpgrade(request, options.origins ?? []);

  return {
    config,
    emulator,
    handler: (request) => route(request, routes),
    owns: (pathname) => routes.has(pathname),
    async attach(server) {
      const served = emulator ? await serveEmulator(emulator, { server, path: PATHS.signaling, accept }) : null;
      return {
        async close() {
          await otherDevice?.close();
          await served?.close();
        },
      };
    },
  };
}

function makeEmulator({ appId, appCertificate }: Credentials, clock: Clock): SignalingEmulator {
  return new SignalingEmulator({ appId, appCertificate, clock });
}

/** Each path with the check that comes before it and what answers it. */
function makeRoutes(
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
    authorize: withDevelopmentSwitches(authorize ?? localUsers, faults),
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
    [PATHS.config, guarded(async () => Response.json(config, { headers: { 'cache-control': 'no-store' } }))],
    [PATHS.guideRtm, guide],
    [PATHS.guideRtc, guide],
  ]);
  if (controlled) {
    routes.set(PATHS.controls, async (request) => {
      demandLocal(request, origins); // whoever may have tokens may not, for that, throw others out
      return answerControl(request, controlled);
    });
  }
  return routes;
}

async function route(request: Request, routes: ReadonlyMap<string, FetchHandler>): Promise<Response> {
  try {
    const handler = routes.get(new URL(request.url).pathname);
    if (!handler) throw new TokenRequestError(404, 'NOT_FOUND', 'There is nothing at this path.');
    return await handler(request);
  } catch (error) {
    const refusal = error instanceof TokenRequestError ? error : internalError();
    if (refusal !== error) console.error('agora-session: the development backend failed.', error);
    const { status, code, message } = refusal;
    return Response.json({ error: { code, message } }, { status });
  }
}
