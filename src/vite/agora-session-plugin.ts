import type { Server } from 'node:http';
import { type Connect, loadEnv, type Plugin, type PreviewServer, type ResolvedConfig, type ViteDevServer } from 'vite';
import {
  createDevBackend,
  type DevBackend,
  type DevBackendOptions,
  refusePublishedCertificate,
} from '../dev-backend/index.js';

/** What {@link agoraSession} takes. */
export type AgoraSessionPluginOptions = Omit<DevBackendOptions, 'environment' | 'clock'>;

/**
 * Mounts the token endpoint and, without credentials, a local Signaling on Vite's own development and preview server: `POST
 * /api/agora/tokens`, `GET /api/agora/config`, the routes of Agora's guide, and a WebSocket at `/api/agora/signaling`.
 *
 * `AGORA_APP_ID` and `AGORA_APP_CERTIFICATE` come from the environment or from Vite's `.env` files. Without `authorize` real tokens are for
 * this machine: its programs, the server's own pages, and those of `origins`. Those of a made-up project, which open nothing but its own
 * Signaling, are given by the guide's routes to any page. A certificate that Vite would put into the page stops server and build.
 */
export function agoraSession(options: AgoraSessionPluginOptions = {}): Plugin {
  return {
    name: 'agora-session',
    configResolved: (config) => refusePublishedCertificate(environmentOf(config), [config.envPrefix ?? 'VITE_'].flat()),
    configureServer: (server) => mount(server, options),
    configurePreviewServer: (server) => mount(server, options),
  };
}

async function mount(server: ViteDevServer | PreviewServer, options: AgoraSessionPluginOptions): Promise<void> {
  const { config, httpServer, middlewares } = server;
  const backend = createDevBackend({ ...options, environment: environmentOf(config) });
  middlewares.use(middlewareOf(backend));
  if (backend.config.throwawayCredentials) {
    config.logger.info(
      'agora-session: no AGORA_APP_ID is set, so tokens are of a made-up project; pages use connectEmulator("/api/agora/signaling").',
    );
  }
  if (!backend.emulator) return;
  if (!httpServer) {
    config.logger.warn(
      'agora-session: Vite runs without a server of its own, so the local Signaling cannot be reached.',
    );
    return;
  }
  // Upgrades of plain HTTP/1.1 are all that is used of the server; over TLS it has the same events.
  const attached = await backend.attach(httpServer as Server);
  httpServer.once('close', () => void attached.close());
}

function environmentOf({ mode, envDir }: ResolvedConfig): Record<string, string | undefined> {
  return envDir ? loadEnv(mode, envDir, '') : process.env;
}

function middlewareOf(backend: DevBackend): Connect.NextHandleFunction {
  return (request, response, next) => {
    const [pathname = '/'] = (request.url ?? '/').split('?');
    if (backend.owns(pathname)) backend.listener(request, response);
    else next();
  };
}
