import { Buffer } from 'node:buffer';
import { deflateSync } from 'node:zlib';
import { storedStream } from './stored-stream.js';

const STORED_UP_TO = 512;

/**
 * Packs a token's content into a zlib stream (RFC 1950), in base64.
 *
 * What is small is stored, not deflated: a login token comes out of deflate larger than it went in, since its signature does not
 * compress, and setting zlib up costs more than everything else about a token. The last block of tokens made by Agora's own Go
 * library is such a stored one.
 */
export function packContent(content: Uint8Array): string {
  if (content.length > STORED_UP_TO) return deflateSync(content).toString('base64');
  const { buffer, byteOffset, length } = storedStream(content, Buffer.allocUnsafe);
  return Buffer.from(buffer, byteOffset, length).toString('base64');
}
