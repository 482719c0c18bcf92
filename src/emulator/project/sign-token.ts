import { type ServiceGrant, STREAM_CHANNEL_PRIVILEGES } from '../../server/access-token/services.js';
import { storedStream } from '../../server/access-token/stored-stream.js';
import { SIGNATURE_AT, SIGNED_FROM, writeContent } from '../../server/access-token/write-content.js';
import type { SignedProject } from './project.js';
import { signatureOf } from './signature.js';

/** What a token of the emulator's project is to say. */
export interface TokenContents {
  /** The user whom it lets in, and nobody else. */
  readonly userId: string;
  /** The stream channel that it is for; null for a login. */
  readonly channelName: string | null;
  /** Seconds from the issue until it lapses, 1 to 86 400. */
  readonly expiresInSeconds: number;
  /** When it counts as issued, whole unix seconds. */
  readonly issuedAt: number;
  /** Makes two tokens of the same second differ, 1 to 99 999 999. */
  readonly salt: number;
}

/**
 * Makes a token as the token server does, on any platform; what it says is stored, not deflated.
 *
 * @throws InvalidArgumentError naming what cannot be right.
 */
export function signToken({ appId, appCertificate }: SignedProject, contents: TokenContents): string {
  const { expiresInSeconds, issuedAt, salt } = contents;
  const grants = [{ grant: grantOf(contents), prefix: '' }];
  const content = writeContent({ appId, expiresInSeconds, issuedAt, salt }, grants, allocate);
  content.set(signatureOf(content.subarray(SIGNED_FROM), { appCertificate, issuedAt, salt }), SIGNATURE_AT);
  return `007${btoa(String.fromCharCode(...storedStream(content, allocate)))}`;
}

function grantOf({ userId, channelName }: TokenContents): ServiceGrant {
  if (channelName === null) return { service: 'rtm', userId };
  return { service: 'rtc', channelName, userId, privileges: STREAM_CHANNEL_PRIVILEGES };
}

function allocate(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length);
}
