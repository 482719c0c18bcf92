import { Buffer } from 'node:buffer';
import { deflateSync } from 'node:zlib';

const ADLER_MODULUS = 65_521;
const STORED_UP_TO = 512;
const ENVELOPE_BYTES = 11;

/**
 * Packs a token's content into a zlib stream (RFC 1950).
 *
 * What is small is stored, not deflated: a login token comes out of deflate larger than it went in, since its signature does not
 * compress, and setting zlib up costs more than everything else about a token. The last block of tokens made by Agora's own Go
 * library is such a stored one.
 */
export function packContent(content: Buffer): Buffer {
  return content.length > STORED_UP_TO ? deflateSync(content) : storedStream(content);
}

/** A zlib header, one final stored block (RFC 1951, 3.2.4), and the checksum. */
function storedStream(content: Buffer): Buffer {
  const { length } = content;
  const stream = Buffer.allocUnsafe(length + ENVELOPE_BYTES);
  stream.writeUInt16BE(0x7801, 0);
  stream.writeUInt8(1, 2);
  stream.writeUInt16LE(length, 3);
  stream.writeUInt16LE(~length & 0xffff, 5);
  content.copy(stream, 7);
  stream.writeUInt32BE(adler32(content), length + 7);
  return stream;
}

/** RFC 1950, 8.2. The sums of 512 bytes stay far below 2^53, so one reduction at the end is enough. */
function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low += byte;
    high += low;
  }
  return (high % ADLER_MODULUS) * 0x10000 + (low % ADLER_MODULUS);
}
