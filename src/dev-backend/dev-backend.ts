import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { type ServedEmulator, SignalingEmulator, serveEmulator } from '../emulator/index.js';
import { type Clock, systemClock } from '../environment/clock.js';
import { type FetchHandler, InvalidArgumentError } from '../server/index.js';
import { inProduction, toHeaders, urlOf } from '../server/parts.js';
import { checkBackendOptions } from './check-options.js';
import { type Credentials, credentialsFrom, throwawayCredentials } from './credentials.js';
import type { DevBackendOptions, DevConfig } from './dev-backend-options.js';
import { defaultLifeSeconds } from './environment.js';
import { demandLocal, demandOwnPage, isLocalPeer, isLoopback, notLocal } from './local-only.js';
import { OtherDevice } from './other-device.js';
import { PATHS } from './paths.js';
import { reportingListener, reportUpgrade } from './request-report.js';
import { makeRoutes, pathIn, refusal, route } from './routes.js';
import { TokenFaults } from './token-faults.js';

/** A token endpoint and, where wanted, a local Signaling, for development. */
export interface DevBackend {
  /** As it is now: a port of its own is known once it is open. */
  readonly config: DevConfig;
  /** The local Signaling; null where Agora's is meant. */
  readonly emulator: SignalingEmulator | null;
  /** Answers the paths that it {@link DevBackend.owns}, and everything else with 404. Cannot see which machine asks. */
  readonly handler: FetchHandler;
  /** The same for node:http, which keeps real tokens from other machines. */
  readonly listener: RequestListener;
  /** Whether a path is one of the backend's. */
  owns(pathname: string): boolean;
  /** Lets clients reach the local Signaling through this server, until closed. Does nothing without an emulator. */
  attach(server: Server): Promise<{ close(): Promise<void> }>;
  /**
   * Lets clients reach the local Signaling on a port of its own of this machine, until closed, and says so in {@link DevBackend.config}: for
   * who has a server that cannot be attached to. Pages of this machine may connect, whatever port they come from.
   */
  listen(): Promise<{ close(): Promise<void> }>;
}

/**
 * Makes a development backend. Without `authorize` real tokens are for this machine only, and refused in production. Those of a made-up
 * project, which open nothing but its own Signaling, are given to whoever reaches it as localhost, and by the guide's routes to any page.
 *
 * @throws InvalidArgumentError naming the variable or option that cannot be right.
 */
export function createDevBackend(options: DevBackendOptions): DevBackend {
  checkBackendOptions(options);
  const { environment, authorize, onRequest, clock = systemClock } = options;
  const credentials = options.credentials ?? credentialsFrom(environment) ?? throwawayCredentials();
  if (inProduction() && !credentials.throwaway && !authorize) {
    throw new InvalidArgumentError('authorize', 'is required with NODE_ENV=production and a real app certificate.');
  }
  const emulator = (options.emulator ?? credentials.throwaway) ? makeEmulator(credentials, clock) : null;
  let signalingOrigin: string | null = null;
  const config: DevConfig = {
    appId: credentials.appId,
    emulator: emulator !== null,
    signalingPath: PATHS.signaling,
    get signalingOrigin() {
      return signalingOrigin;
    },
    expiresInSeconds: defaultLifeSeconds(environment),
    throwawayCredentials: credentials.throwaway,
  };
  const faults = new TokenFaults();
  const otherDevice = emulator ? new OtherDevice(emulator, credentials, clock) : null;
  const controlled = emulator && otherDevice ? { emulator, otherDevice, faults } : null;
  const routes = makeRoutes(options, credentials, config, faults, controlled);
  const handler: FetchHandler = (request) => route(request, routes);
  const mayAsk = peerCheck(credentials, authorize !== undefined);
  const origins = options.origins ?? [];
  const told = (accepts: (request: IncomingMessage) => boolean) => (request: IncomingMessage) => {
    const accepted = accepts(request);
    reportUpgrade(request, accepted, onRequest);
    return accepted;
  };
  const accept = told(
    (request) => mayAsk(request) && isOwnPage(request, authorize ? demandOwnPage : demandLocal, origins),
  );
  const acceptHere = told((request) => isLocalPeer(request) && isPageOfThisMachine(request, origins));
  const close = async (served: ServedEmulator | null): Promise<void> => {
    await otherDevice?.close();
    await served?.close();
    emulator?.close();
  };

  return {
    config,
    emulator,
    handler,
    listener: listenerOf((answer) => reportingListener(answer, clock, onRequest), handler, mayAsk),
    owns: (pathname) => routes.has(pathname),
    async attach(server) {
      const served = emulator ? await serveEmulator(emulator, { server, path: PATHS.signaling, accept }) : null;
      return { close: () => close(served) };
    },
    async listen() {
      const served = emulator ? await serveEmulator(emulator, { path: PATHS.signaling, accept: acceptHere }) : null;
      signalingOrigin = served ? new URL(served.url).origin : null;
      return {
        async close() {
          signalingOrigin = null;
          await close(served);
        },
      };
    },
  };
}

/**
 * Which peers are answered at all. Tokens of a project that nobody else knows may leave the machine, as they do from a container; the
 * controls, which throw users out, are for this machine always.
 */
function peerCheck({ throwaway }: Credentials, authorized: boolean): (request: IncomingMessage) => boolean {
  return (request) => isLocalPeer(request) || ((throwaway || authorized) && !isControls(request));
}

/** Whether the controls are meant, by the same reading of the address by which they answer. */
function isControls(request: IncomingMessage): boolean {
  try {
    return pathIn(urlOf(request)) === PATHS.controls;
  } catch {
    return true; // an address that cannot be read is answered by nobody
  }
}

/** Whether a page may open a WebSocket, by the rule for its requests. */
function isOwnPage(request: IncomingMessage, demand: typeof demandLocal, origins: readonly string[]): boolean {
  try {
    demand({ url: urlOf(request), headers: toHeaders(request) }, origins);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether a page may open a WebSocket to a port that is no page's own: one of this machine, or of `origins`. Which server of this machine
 * has the page cannot be known; to log in takes a token all the same.
 */
function isPageOfThisMachine(request: IncomingMessage, origins: readonly string[]): boolean {
  const { origin } = request.headers;
  const isLocal = origin !== undefined && URL.canParse(origin) && isLoopback(new URL(origin).hostname);
  return isOwnPage(request, demandLocal, isLocal ? [...origins, origin] : origins);
}

function listenerOf(
  toListener: (handler: FetchHandler) => RequestListener,
  handler: FetchHandler,
  mayAsk: (request: IncomingMessage) => boolean,
): RequestListener {
  const answer = toListener(handler);
  const refuse = toListener(async () => refusal(notLocal()));
  return (request, response) => (mayAsk(request) ? answer(request, response) : refuse(request, response));
}

function makeEmulator({ appId, appCertificate }: Credentials, clock: Clock): SignalingEmulator {
  return new SignalingEmulator({ appId, appCertificate, clock });
}
