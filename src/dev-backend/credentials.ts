import { randomBytes } from 'node:crypto';
import { InvalidArgumentError } from '../server/index.js';
import { checkHex32 } from '../server/parts.js';
import { isHex32 } from '../token/identifiers.js';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The Agora project that a development server makes tokens for. */
export interface Credentials {
  readonly appId: string;
  readonly appCertificate: string;
  /** Whether the pair was made up, so that only the local emulator honours its tokens. */
  readonly throwaway: boolean;
}

/**
 * The variable by which a process that made a project up says so to those that it starts: it repeats the app ID. What they find in
 * `AGORA_APP_ID` and `AGORA_APP_CERTIFICATE` is then good for a local Signaling only.
 */
export const MADE_UP_APP_ID = 'AGORA_SESSION_MADE_UP_APP_ID';

/**
 * The project from `AGORA_APP_ID` and `AGORA_APP_CERTIFICATE`; null where neither is set.
 *
 * @throws InvalidArgumentError when one of them is missing or malformed, or a `VITE_` variable would publish the certificate.
 */
export function credentialsFrom(environment: Environment): Credentials | null {
  const { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate } = environment;
  refusePublishedCertificate(environment);
  if (!appId && !appCertificate) return null;
  if (!appId) throw missing('AGORA_APP_ID', 'AGORA_APP_CERTIFICATE');
  if (!appCertificate) throw missing('AGORA_APP_CERTIFICATE', 'AGORA_APP_ID');
  checkHex32('AGORA_APP_ID', appId);
  checkHex32('AGORA_APP_CERTIFICATE', appCertificate);
  return { appId, appCertificate, throwaway: environment[MADE_UP_APP_ID] === appId };
}

/** The certificate, where there is one and it has the form of one. */
export function certificateIn({ AGORA_APP_CERTIFICATE }: Environment): string | null {
  return isHex32(AGORA_APP_CERTIFICATE) ? AGORA_APP_CERTIFICATE : null;
}

/** A project that exists nowhere but in this process. */
export function throwawayCredentials(): Credentials {
  return { appId: randomBytes(16).toString('hex'), appCertificate: randomBytes(16).toString('hex'), throwaway: true };
}

/**
 * Vite puts variables whose names begin so into the page, and with it into every visitor's browser.
 *
 * @param prefixes Vite's `envPrefix`
 * @throws InvalidArgumentError when one of them holds the certificate.
 */
export function refusePublishedCertificate(environment: Environment, prefixes: readonly string[] = ['VITE_']): void {
  const appCertificate = environment.AGORA_APP_CERTIFICATE;
  for (const [name, value] of Object.entries(environment)) {
    if (!value || !prefixes.some((prefix) => name.startsWith(prefix))) continue;
    if (value !== appCertificate && !(/CERTIFICATE/i.test(name) && isHex32(value))) continue;
    const advice = `Vite puts variables into the page that begin with ${prefixes.join(' or ')}`;
    const remedy = 'give it to servers only, as AGORA_APP_CERTIFICATE, and renew it if it was ever published';
    throw new InvalidArgumentError(name, `must not hold the app certificate: ${advice}; ${remedy}.`);
  }
}

/**
 * The error for a certificate that would reach the page.
 *
 * @param where what it was found in.
 */
export function publishedCertificate(where: string): InvalidArgumentError {
  return new InvalidArgumentError(
    'AGORA_APP_CERTIFICATE',
    `would reach every visitor: it is in ${where}. Take it out there, and renew it if it was ever published.`,
  );
}

function missing(name: string, other: string): InvalidArgumentError {
  return new InvalidArgumentError(
    name,
    `is not set although ${other} is: set both, or neither for a throw-away project.`,
  );
}
