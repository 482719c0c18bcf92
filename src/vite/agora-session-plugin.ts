import type { Server } from 'node:http';
import { type Connect, loadEnv, type Plugin, type PreviewServer, type ResolvedConfig, type ViteDevServer } from 'vite';
import {
  certificateIn,
  checkBackendOptions,
  createDevBackend,
  type DevBackend,
  type DevBackendOptions,
  ENV_FILES,
  type Environment,
  InvalidArgumentError,
  PATHS,
  readableCertificates,
  refusePublishedCertificate,
} from '../dev-backend/index.js';
import { developmentOptions, PAGE_OPTIONS_MODULE, pageOptionsModule, productionOptions } from './page-options.js';
import { bypassProxies } from './proxy-bypass.js';
import { CertificateSearch } from './published-certificate.js';

/** What {@link agoraSession} takes. */
export interface AgoraSessionPluginOptions
  extends Omit<DevBackendOptions, 'environment' | 'clock' | 'credentials' | 'onRequest'> {
  /** Where the page of a build gets its tokens, as `virtual:agora-session` says it. Default: `/api/agora/tokens`. */
  readonly tokens?: string;
}

/** As Rollup marks modules that are no files. */
const RESOLVED_MODULE = `\0${PAGE_OPTIONS_MODULE}`;

/**
 * Mounts the token endpoint and, without credentials, a local Signaling on Vite's own development and preview server: `POST
 * /api/agora/tokens`, `GET /api/agora/config`, the routes of Agora's guide, and a WebSocket at `/api/agora/signaling`.
 *
 * `AGORA_APP_ID` and `AGORA_APP_CERTIFICATE` come from the environment or from Vite's `.env` files. Without `authorize` real tokens are for
 * this machine: its programs, the server's own pages, and those of `origins`. Those of a made-up project, which open nothing but its own
 * Signaling, are given by the guide's routes to any page.
 *
 * In middleware mode (Nuxt and other SSR servers) Vite has no server of its own for the WebSocket: the local Signaling then gets a port on
 * this machine, which `GET /api/agora/config` tells as `signalingOrigin`.
 *
 * Pages import their options from `virtual:agora-session`, typed by `agora-session/vite/client`: in development those of this server, in a
 * build `AGORA_APP_ID` and the option `tokens`, without a word of the local Signaling.
 *
 * The certificate is looked for in what pages get: variables with an `envPrefix`, modules and HTML of the development server, every file
 * of a build with its source map, and the public directory. Found there, it stops server or build. It is found as it is, in any letter
 * case; not when it was encoded, put together at run time, or fetched from elsewhere.
 */
export function agoraSession(options: AgoraSessionPluginOptions = {}): Plugin {
  let search: CertificateSearch | null = null;
  let environment: Environment = {};
  let mounted: Mounted | null = null;
  checkPluginOptions(options);
  const { tokens, ...backendOptions } = options;
  return {
    name: 'agora-session',
    // What pages import by `virtual:agora-session` alone Vite would find out at the first visit, and load the page a second time.
    config: (_config, { command }) =>
      command === 'serve' ? { optimizeDeps: { include: ['agora-session/emulator/client'] } } : null,
    configResolved(config) {
      environment = environmentOf(config);
      refusePublishedCertificate(environment, [config.envPrefix ?? 'VITE_'].flat());
      search = searchFor(environment, config);
      for (const { proxy } of [config.server, config.preview]) {
        bypassProxies(proxy, (pathname) => mounted?.servesSignaling === true && pathname === PATHS.signaling);
      }
    },
    configureServer: async (server) => {
      mounted = await mount(server, backendOptions);
    },
    configurePreviewServer: async (server) => {
      mounted = await mount(server, backendOptions).catch((error: unknown) => withoutEndpoint(server, error));
    },
    resolveId: (id) => (id === PAGE_OPTIONS_MODULE ? RESOLVED_MODULE : null),
    load(id) {
      if (id !== RESOLVED_MODULE) return null;
      const inDevelopment = this.environment.mode === 'dev' && mounted;
      return pageOptionsModule(
        inDevelopment ? developmentOptions(inDevelopment.backend.config) : productionOptions(environment, tokens),
      );
    },
    transform: {
      order: 'post',
      handler(code, id) {
        const { mode, config } = this.environment;
        if (mode === 'dev' && config.consumer === 'client') search?.demandAbsent(code, id);
      },
    },
    transformIndexHtml: { order: 'post', handler: (html, { path }) => search?.demandAbsent(html, path) },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        if (this.environment.config.consumer === 'client') search?.demandAbsentIn(bundle);
      },
    },
  };
}

function searchFor(environment: Environment, config: ResolvedConfig): CertificateSearch | null {
  const { envDir, mode, publicDir, logger } = config;
  const files = [...ENV_FILES, `.env.${mode}`, `.env.${mode}.local`];
  for (const warning of envDir ? readableCertificates(envDir, files) : []) logger.warn(`agora-session: ${warning}`);
  const appCertificate = certificateIn(environment);
  if (appCertificate === null) return null;
  const search = new CertificateSearch(appCertificate);
  if (publicDir) search.demandAbsentBelow(publicDir);
  return search;
}

/** A backend among the handlers of a server. */
interface Mounted {
  readonly backend: DevBackend;
  /** Whether the local Signaling is served by Vite's own server. */
  readonly servesSignaling: boolean;
}

async function mount(
  server: ViteDevServer | PreviewServer,
  options: Omit<AgoraSessionPluginOptions, 'tokens'>,
): Promise<Mounted> {
  const { config, httpServer, middlewares } = server;
  const backend = createDevBackend({ ...options, environment: environmentOf(config) });
  middlewares.use(middlewareOf(backend));
  if (backend.config.throwawayCredentials) {
    config.logger.info(
      'agora-session: no AGORA_APP_ID is set, so tokens are of a made-up project; pages that import virtual:agora-session use the local Signaling.',
    );
  }
  if (!backend.emulator) return { backend, servesSignaling: false };
  if (!httpServer) {
    await listenBeside(server, backend);
    return { backend, servesSignaling: false };
  }
  // Upgrades of plain HTTP/1.1 are all that is used of the server; over TLS it has the same events.
  const attached = await backend.attach(httpServer as Server);
  httpServer.once('close', () => void attached.close());
  return { backend, servesSignaling: true };
}

/**
 * A page that was built may have its tokens from elsewhere, and can be looked at without this backend. Whether it is in production nobody
 * knows of a preview: Vite itself sets `NODE_ENV`, and so a real certificate wants another word.
 */
function withoutEndpoint({ config }: PreviewServer, error: unknown): null {
  if (!(error instanceof InvalidArgumentError)) throw error;
  const advice =
    error.argument === 'authorize'
      ? ' Vite sets it for a preview; NODE_ENV=development vite preview serves this machine.'
      : '';
  config.logger.warn(`agora-session: this preview has no token endpoint: ${error.message}${advice}`);
  return null;
}

function checkPluginOptions(options: AgoraSessionPluginOptions): void {
  checkBackendOptions(options);
  const { tokens } = options;
  if (tokens === undefined || (typeof tokens === 'string' && tokens !== '')) return;
  throw new InvalidArgumentError(
    'tokens',
    `must be an address as a text that is not empty, got ${tokens === '' ? 'none' : typeof tokens}.`,
  );
}

/** Gives the local Signaling a port of its own for as long as Vite runs, which then has no server whose end could tell. */
async function listenBeside(server: ViteDevServer | PreviewServer, backend: DevBackend): Promise<void> {
  const listening = await backend.listen();
  const { signalingOrigin, signalingPath } = backend.config;
  server.config.logger.info(
    `agora-session: Vite runs without a server of its own, so the local Signaling is at ${signalingOrigin}${signalingPath}.`,
  );
  const close = server.close.bind(server);
  server.close = async () => {
    await listening.close();
    await close();
  };
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
