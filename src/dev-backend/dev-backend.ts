import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { type ServedEmulator, SignalingEmulator, serveEmulator } from '../emulator/index.js';
import { type Clock, systemClock } from '../environment/clock.js';
import { inProduction } from '../server/allow-anyone.js';
import { type Authorize, type FetchHandler, InvalidArgumentError, toNodeListener } from '../server/index.js';
import { toHeaders, urlOf } from '../server/node/node-request.js';
import { type Credentials, credentialsFrom, type Environment, throwawayCredentials } from './credentials.js';
import { defaultLifeSeconds } from './environment.js';
import { demandLocal, demandOwnPage, isLocalPeer, isLoopback, notLocal } from './local-only.js';
import { OtherDevice } from './other-device.js';
import { makeRoutes, PATHS, pathIn, refusal, route } from './routes.js';
import { TokenFaults } from './token-faults.js';

/** What {@link createDevBackend} takes. */
export interface DevBackendOptions {
  /** The variables to read `AGORA_APP_ID`, `AGORA_APP_CERTIFICATE` and `TOKEN_TTL_SECONDS` from. */
  readonly environment: Environment;
  /** Whether to run a local Signaling. Default: only with throw-away credentials, which Agora does not know. */
  readonly emulator?: boolean;
  /**
   * Who may have which tokens. Default: whoever asks from this machine gets what they ask. Given, other machines may ask too, from the
   * server's own pages and those of `origins`.
   */
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
  /** The origin of {@link signalingPath}, as in `ws://127.0.0.1:40123`, where the local Signaling has a port of its own; null on this server. */
  readonly signalingOrigin: string | null;
  /** The life of the tokens that the endpoint gives out. */
  readonly expiresInSeconds: number;
  /** Whether the project is made up. */
  readonly throwawayCredentials: boolean;
}

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
  const { environment, authorize, clock = systemClock } = options;
  const credentials = credentialsFrom(environment) ?? throwawayCredentials();
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
  const accept = (request: IncomingMessage): boolean =>
    mayAsk(request) && isOwnPage(request, authorize ? demandOwnPage : demandLocal, origins);
  const acceptHere = (request: IncomingMessage): boolean =>
    isLocalPeer(request) && isPageOfThisMachine(request, origins);
  const close = async (served: ServedEmulator | null): Promise<void> => {
    await otherDevice?.close();
    await served?.close();
    emulator?.close();
  };

  return {
    config,
    emulator,
    handler,
    listener: listenerOf(handler, mayAsk),
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

function listenerOf(handler: FetchHandler, mayAsk: (request: IncomingMessage) => boolean): RequestListener {
  const answer = toNodeListener(handler);
  const refuse = toNodeListener(async () => refusal(notLocal()));
  return (request, response) => (mayAsk(request) ? answer(request, response) : refuse(request, response));
}

function makeEmulator({ appId, appCertificate }: Credentials, clock: Clock): SignalingEmulator {
  return new SignalingEmulator({ appId, appCertificate, clock });
}
