import type { Allocate } from './byte-writer.js';

const ADLER_MODULUS = 65_521;
const ENVELOPE_BYTES = 11;
/** The sums of so many bytes stay below 2^53 without being reduced. */
const REDUCED_EVERY = 4096;

/** A zlib header (RFC 1950), one final stored block (RFC 1951, 3.2.4) of at most 65,535 bytes, and the checksum: no compression. */
export function storedStream(content: Uint8Array, allocate: Allocate): Uint8Array<ArrayBuffer> {
  const { length } = content;
  const stream = allocate(length + ENVELOPE_BYTES);
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length);
  view.setUint16(0, 0x7801);
  stream[2] = 1;
  view.setUint16(3, length, true);
  view.setUint16(5, ~length & 0xffff, true);
  stream.set(content, 7);
  view.setUint32(length + 7, adler32(content));
  return stream;
}

/** The checksum of RFC 1950, 8.2. */
export function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let start = 0; start < bytes.length; start += REDUCED_EVERY) {
    for (const byte of bytes.subarray(start, start + REDUCED_EVERY)) {
      low += byte;
      high += low;
    }
    low %= ADLER_MODULUS;
    high %= ADLER_MODULUS;
  }
  return high * 0x10000 + low;
}
