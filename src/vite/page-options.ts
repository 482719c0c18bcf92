import { type DevConfig, type Environment, InvalidArgumentError, isHex32, PATHS } from '../dev-backend/index.js';

/** The module that gives a page the options of its session. */
export const PAGE_OPTIONS_MODULE = 'virtual:agora-session';

/** What the page is given. */
interface PageOptions {
  readonly appId: string;
  /** The address of the token endpoint. */
  readonly tokens: string;
  /** The address of the local Signaling; null where Agora's is meant. */
  readonly signaling: string | null;
}

/** Of a page of the development server: everything is on that server, or says where it is. */
export function developmentOptions({ appId, emulator, signalingOrigin, signalingPath }: DevConfig): PageOptions {
  return { appId, tokens: PATHS.tokens, signaling: emulator ? `${signalingOrigin ?? ''}${signalingPath}` : null };
}

/**
 * Of a page that is built. The certificate is no concern of a build.
 *
 * @throws InvalidArgumentError without an app ID, since the page would reach nobody.
 */
export function productionOptions({ AGORA_APP_ID: appId }: Environment, tokens: string = PATHS.tokens): PageOptions {
  if (isHex32(appId)) return { appId, tokens, signaling: null };
  const how = 'set it to the 32 hexadecimal digits from the Agora Console, in the environment of the build or in .env';
  throw new InvalidArgumentError(
    'AGORA_APP_ID',
    `is needed to build a page that imports ${PAGE_OPTIONS_MODULE}: ${how}.`,
  );
}

/** The module's code. It does nothing when it is imported, so that a server may render the page. */
export function pageOptionsModule({ appId, tokens, signaling }: PageOptions): string {
  const given = `appId: ${JSON.stringify(appId)}, tokens: ${JSON.stringify(tokens)}`;
  if (signaling === null) return `export const sessionOptions = { ${given} };\n`;
  // One SDK for the whole page, as the module of Agora's is.
  return `let sdk;
async function loadSdk() {
  const { connectEmulator } = await import('agora-session/emulator/client');
  sdk ??= connectEmulator(${JSON.stringify(signaling)});
  return sdk;
}
export const sessionOptions = { ${given}, loadSdk };
`;
}
