import { type Allocate, ByteWriter } from './byte-writer.js';
import { checkLifeSeconds, checkSalt, checkUnixSeconds } from './check-arguments.js';
import type { ServiceGrant } from './services.js';
import { writeService } from './write-service.js';

/** A grant and what stands before the names of its fields in error messages. */
export interface NamedGrant {
  readonly grant: ServiceGrant;
  readonly prefix: string;
}

/** What a token says besides its services. */
export interface ContentOptions {
  readonly appId: string;
  readonly expiresInSeconds: number;
  readonly issuedAt: number;
  readonly salt: number;
}

const SIGNATURE_BYTES = 32;
/** Where the signature of a token's content begins. */
export const SIGNATURE_AT = 2;
/** Where the bytes begin that it covers. */
export const SIGNED_FROM: number = SIGNATURE_AT + SIGNATURE_BYTES;

/**
 * Writes a token's content, with room for its signature. The grants come in ascending order of type.
 *
 * @throws InvalidArgumentError naming the argument that cannot be right.
 */
export function writeContent(
  options: ContentOptions,
  grants: readonly NamedGrant[],
  allocate: Allocate,
): Uint8Array<ArrayBuffer> {
  const { appId, expiresInSeconds, issuedAt, salt } = options;
  checkLifeSeconds('expiresInSeconds', expiresInSeconds);
  checkUnixSeconds('issuedAt', issuedAt);
  checkSalt('salt', salt);
  const writer = new ByteWriter(allocate).u16(SIGNATURE_BYTES).skip(SIGNATURE_BYTES);
  writer.string(appId).u32(issuedAt).u32(expiresInSeconds).u32(salt).u16(grants.length);
  for (const { grant, prefix } of grants) writeService(writer, grant, expiresInSeconds, prefix);
  return writer.bytes();
}
