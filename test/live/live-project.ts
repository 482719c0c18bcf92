import { isHex32 } from '../../src/token/identifiers.js';

/**
 * The Agora project that the live tests run with.
 *
 * @throws Error that says what is missing.
 */
export function liveProject(environment: NodeJS.ProcessEnv): { appId: string; appCertificate: string } {
  const { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate } = environment;
  if (isHex32(appId) && isHex32(appCertificate)) return { appId, appCertificate };
  throw new Error(
    'The live tests run against Agora: set AGORA_APP_ID and AGORA_APP_CERTIFICATE to those of a project with Signaling and stream channels, 32 hexadecimal digits each.',
  );
}
