import { withoutSecrets } from '../../token/without-secrets.js';
import { plainCause, SessionError } from '../state/session-error.js';
import type { SignalingClient, SignalingSdk } from './signaling-client.js';

/** A module that is the SDK, or has it as its default export, as `import()` of a CommonJS package gives it. */
export type SdkModule<Client extends SignalingClient> = SignalingSdk<Client> | { default: SignalingSdk<Client> };

/**
 * Waits for the SDK.
 *
 * @throws SessionError SDK_LOAD_FAILED that says what is missing: the package, a page to run in, or the network
 */
export async function loadedSdk<Client extends SignalingClient>(
  loading: Promise<SdkModule<Client>>,
): Promise<SignalingSdk<Client>> {
  const module: unknown = await loading.catch((error: unknown) => {
    throw new SessionError(
      'SDK_LOAD_FAILED',
      `The Signaling SDK could not be loaded: ${reasonOf(error)}`,
      plainCause(error),
    );
  });
  // Bundlers wrap a CommonJS module in one default export, and some of them in two.
  const [one, two, three] = [module, defaultOf(module), defaultOf(defaultOf(module))];
  const sdk = [one, two, three].find((found) => typeof Object(found).RTM === 'function');
  if (sdk) return sdk as SignalingSdk<Client>;
  const names = Object.keys(Object(module)).slice(0, 10).join(', ');
  throw new SessionError(
    'SDK_LOAD_FAILED',
    `What \`loadSdk\` gave has no constructor \`RTM\`; it has: ${names || 'nothing'}.`,
  );
}

function defaultOf(module: unknown): unknown {
  return Object(module).default;
}

const NOT_INSTALLED = /cannot find (?:module|package)|resolve module specifier|MODULE_NOT_FOUND/i;
const NOT_FETCHED =
  /dynamically imported module|importing a module script|loading (?:css )?chunk|ChunkLoadError|failed to fetch/i;

/** Nothing secret can be in an error of loading: there is no token yet. An app's own `loadSdk` may say anything, though. */
function reasonOf(error: unknown): string {
  const { name, message, code } = Object(error) as { name?: unknown; message?: unknown; code?: unknown };
  const text = `${name} ${code} ${message}`;
  const isPage = typeof globalThis.window === 'object';
  const needsPage =
    'it needs a page, and there is no `window` here. Call login() in a browser, not on a server or in a worker.';
  if (NOT_INSTALLED.test(text)) {
    return `install it with \`npm install agora-rtm-sdk agora-rtc-sdk-ng\`.${isPage ? '' : ` And ${needsPage}`}`;
  }
  if (!isPage && name === 'ReferenceError') return needsPage;
  if (NOT_FETCHED.test(text)) {
    return 'its file could not be fetched. Is the network there? After a deploy or a failed fetch, some browsers need a reload of the page.';
  }
  return withoutSecrets(typeof message === 'string' ? message : `\`loadSdk\` rejected with a ${typeof error}`);
}
