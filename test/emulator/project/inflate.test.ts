import { constants, deflateRawSync, deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflate } from '../../../src/emulator/project/inflate.js';
import { MAX_CONTENT_BYTES } from '../../../src/token/access-token-content.js';

/** What zlib makes of a stream, read as leniently as the token server reads it; null where it refuses it. */
function byZlib(stream: Uint8Array): string | null {
  try {
    const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_CONTENT_BYTES, info: true };
    const { buffer, engine } = inflateSync(stream, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return engine.bytesWritten === stream.length ? buffer.toString('hex') : null;
  } catch {
    return null;
  }
}

function byUs(stream: Uint8Array): string | null {
  try {
    return Buffer.from(inflate(stream)).toString('hex');
  } catch (error) {
    expect(error).toMatchObject({ name: 'TokenFormatError' });
    return null;
  }
}

/** Bytes that compress a little, much or not at all. */
const contents = fc.oneof(
  fc.uint8Array({ maxLength: 600 }),
  fc.array(fc.constantFrom(0, 1, 7, 32, 255), { maxLength: 3000 }).map((bytes) => Uint8Array.from(bytes)),
  fc.string({ maxLength: 40 }).map((text) => new Uint8Array(Buffer.from(text.repeat(60)))),
);
const options = fc.record({
  level: fc.integer({ min: 0, max: 9 }),
  strategy: fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY, constants.Z_RLE),
  windowBits: fc.integer({ min: 9, max: 15 }),
});
const streams = fc.tuple(contents, options).map(([bytes, how]) => new Uint8Array(deflateSync(bytes, how)));

describe('a stream inflates as zlib inflates it', () => {
  it('whole', () => {
    fc.assert(
      fc.property(streams, (stream) => {
        expect(byUs(stream)).not.toBeNull();
        expect(byUs(stream)).toBe(byZlib(stream));
      }),
      { numRuns: 1000 },
    );
  });

  it('cut off anywhere', () => {
    fc.assert(
      fc.property(streams, fc.nat(), (stream, at) => {
        const cut = stream.subarray(0, at % stream.length);
        expect(byUs(cut)).toBe(byZlib(cut));
      }),
      { numRuns: 1000 },
    );
  });

  it('with something after it', () => {
    fc.assert(
      fc.property(streams, fc.uint8Array({ minLength: 1, maxLength: 9 }), (stream, tail) => {
        const longer = new Uint8Array([...stream, ...tail]);
        expect(byUs(longer)).toBeNull();
        expect(byZlib(longer)).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it('with bits that are wrong', () => {
    fc.assert(
      fc.property(streams, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (stream, bits) => {
        const wrong = stream.slice();
        // Most of a stream is its data: the beginning, where its codes stand, has half of the wrong bits.
        for (const [index, bit] of bits.entries()) {
          const at = index % 2 === 0 ? bit % (wrong.length * 8) : bit % Math.min(wrong.length * 8, 400);
          wrong[at >> 3] = (wrong[at >> 3] ?? 0) ^ (1 << (at & 7));
        }
        expect(byUs(wrong)).toBe(byZlib(wrong));
      }),
      { numRuns: 5000 },
    );
  });

  it('made of any bits at all behind the header', () => {
    fc.assert(
      fc.property(fc.constantFrom(2, 3, 4, 5, 6, 7), fc.uint8Array({ maxLength: 120 }), (first, bytes) => {
        const any = new Uint8Array([0x78, 0x01, ((bytes[0] ?? 0) & 0xf8) | first, ...bytes.subarray(1)]);
        expect(byUs(any)).toBe(byZlib(any));
      }),
      { numRuns: 5000 },
    );
  });

  it('with any two bytes for a header', () => {
    const body = deflateRawSync('hello');
    for (let header = 0; header < 0x10000; header += 31) {
      const stream = new Uint8Array([header >> 8, header & 0xff, ...body]);
      expect(byUs(stream), header.toString(16)).toBe(byZlib(stream));
    }
    for (const header of [0x7800, 0x7802, 0x0801]) {
      expect(byUs(new Uint8Array([header >> 8, header & 0xff, ...body]))).toBeNull();
    }
  });

  it('up to the most that a token holds, and not further', () => {
    const most = deflateSync(Buffer.alloc(MAX_CONTENT_BYTES, 'x'));
    expect(byUs(most)).toHaveLength(MAX_CONTENT_BYTES * 2);
    expect(() => inflate(deflateSync(Buffer.alloc(MAX_CONTENT_BYTES + 1)))).toThrow('more than any token holds');
  });
});
