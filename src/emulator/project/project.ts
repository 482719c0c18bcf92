import { InvalidArgumentError } from '../../server/access-token/errors.js';
import { isHex32 } from '../../token/identifiers.js';

/** The project that the emulator stands for. Without a certificate no token is looked at. */
export interface Project {
  readonly appId: string;
  readonly appCertificate: string | null;
}

/** A project whose tokens are made and looked at. */
export interface SignedProject {
  readonly appId: string;
  readonly appCertificate: string;
}

/**
 * The project of an emulator's options; a made-up one, with a certificate, where they name none.
 *
 * @throws TypeError when the app ID or the certificate is not 32 hexadecimal digits, or there is a certificate alone.
 * @throws InvalidArgumentError for a certificate in a page.
 */
export function projectOf(options: Partial<SignedProject>, random: () => number): Project {
  const { appId, appCertificate } = options;
  if (appCertificate !== undefined && !isNode()) {
    throw new InvalidArgumentError(
      'appCertificate',
      'does not belong in a page, where whoever opens it can read it: leave it out together with appId, and the emulator makes up a project of its own.',
    );
  }
  if (appId === undefined && appCertificate === undefined) {
    return { appId: hex32(random), appCertificate: hex32(random) };
  }
  if (!isHex32(appId)) throw new TypeError('appId must be 32 hexadecimal digits.');
  if (appCertificate !== undefined && !isHex32(appCertificate)) {
    throw new TypeError('appCertificate must be 32 hexadecimal digits.');
  }
  return { appId, appCertificate: appCertificate ?? null };
}

/** Whether this runs on somebody's own machine, and not in a page or a worker of one. Jest's jsdom is Node; Deno and Bun say they are. */
function isNode(): boolean {
  return typeof globalThis.process?.versions?.node === 'string';
}

function hex32(random: () => number): string {
  return Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
}
