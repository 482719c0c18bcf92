import { Buffer } from 'node:buffer';
import { constants, inflateSync } from 'node:zlib';
import {
  type AccessTokenContent,
  accessTokenBase64,
  decodeAccessTokenContent,
  MAX_CONTENT_BYTES,
} from '../../token/access-token-content.js';
import { TokenFormatError } from '../../token/token-format-error.js';
import { type AccessToken, asAccessToken } from './access-token.js';
import { AccessTokenError } from './errors.js';

/**
 * Reads a token without checking it: anybody can write one. Services of unknown types are kept as bytes.
 *
 * @throws AccessTokenError `MALFORMED` when this is no AccessToken2 or not a whole one.
 */
export function parseAccessToken(token: string): AccessToken {
  return asAccessToken(readContent(token).info);
}

/**
 * Inflates and decodes a token.
 *
 * @throws AccessTokenError `MALFORMED`.
 */
export function readContent(token: string): AccessTokenContent {
  try {
    return decodeAccessTokenContent(inflateWhole(Buffer.from(accessTokenBase64(token), 'base64')));
  } catch (error) {
    if (error instanceof TokenFormatError) throw new AccessTokenError('MALFORMED', error.message);
    throw error;
  }
}

/** `deflated` as it comes out of zlib, with how many bytes of it zlib has used. */
interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

function inflateWhole(deflated: Buffer): Buffer {
  const { buffer, engine } = inflate(deflated);
  if (engine.bytesWritten !== deflated.length)
    throw new TokenFormatError('The token goes on after its compressed part.');
  return buffer;
}

function inflate(deflated: Buffer): Inflated {
  try {
    // Tokens of Agora's Go library contain a flush; being lenient about the end is safe since the decoder wants every byte.
    const finishFlush = constants.Z_SYNC_FLUSH;
    const options = { finishFlush, maxOutputLength: MAX_CONTENT_BYTES, info: true };
    return inflateSync(deflated, options) as unknown as Inflated;
  } catch (error) {
    const tooLarge = error instanceof RangeError;
    throw new TokenFormatError(
      tooLarge ? 'The token inflates to more than any token holds.' : 'The token does not inflate.',
    );
  }
}
