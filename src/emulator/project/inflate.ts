import { adler32 } from '../../server/access-token/stored-stream.js';
import { MAX_CONTENT_BYTES } from '../../token/access-token-content.js';
import { TokenFormatError } from '../../token/token-format-error.js';
import { PrefixCode } from './prefix-code.js';

/** Where the code lengths of a block stand (RFC 1951, 3.2.7). */
const LENGTHS_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
const END_OF_BLOCK = 256;
const MOST_LITERAL_CODES = 286;
const MOST_DISTANCE_CODES = 30;

/** How far each length or distance symbol reaches (3.2.5): where it begins, and how many bits come on top. */
interface Reach {
  readonly base: number;
  readonly extraBits: number;
}

/** The two codes of a compressed block. */
interface Codes {
  readonly literals: PrefixCode;
  readonly distances: PrefixCode;
}

/** 3 to 258, where the last one has a symbol to itself. */
const LENGTHS: readonly Reach[] = [...reaches(28, 3, 4), { base: 258, extraBits: 0 }];
const DISTANCES: readonly Reach[] = reaches(MOST_DISTANCE_CODES, 1, 2);

function reaches(count: number, start: number, perStep: number): Reach[] {
  let base = start;
  return Array.from({ length: count }, (_, symbol) => {
    const extraBits = Math.max(0, Math.floor(symbol / perStep) - 1);
    const reach = { base, extraBits };
    base += 2 ** extraBits;
    return reach;
  });
}

const FIXED_LITERALS: PrefixCode = new PrefixCode(
  Array.from({ length: 288 }, (_, symbol) => fixedLength(symbol)),
  false,
);
const FIXED: Codes = { literals: FIXED_LITERALS, distances: new PrefixCode(new Array(32).fill(5), false) };

/** The lengths of the fixed code (3.2.6). */
function fixedLength(symbol: number): number {
  if (symbol < 144) return 8;
  if (symbol < 256) return 9;
  return symbol < 280 ? 7 : 8;
}

/** Thrown where the input ends; never leaves this file. */
const END_OF_INPUT = new Error('The input ends.');

/**
 * Inflates a zlib stream (RFC 1950) as zlib does at the token server, at once: pages only have `DecompressionStream`, Jest's jsdom not even
 * that. A stream that ends early gives what there was, since tokens of Agora's Go library end in a flush; the decoder wants every byte.
 *
 * @throws TokenFormatError when it is no such stream, more follows it, or more comes out of it than any token holds.
 */
export function inflate(deflated: Uint8Array): Uint8Array {
  const inflater = new Inflater(deflated);
  try {
    inflater.run();
  } catch (error) {
    if (error === END_OF_INPUT) return inflater.output();
    throw error;
  }
  if (!inflater.isAtEnd) throw new TokenFormatError('The token goes on after its compressed part.');
  return inflater.output();
}

class Inflater {
  readonly #input: Uint8Array;
  readonly #output = new Uint8Array(MAX_CONTENT_BYTES);
  #length = 0;
  #at = 0;
  #byte = 0;
  #bitsLeft = 0;

  constructor(input: Uint8Array) {
    this.#input = input;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#input.length;
  }

  output(): Uint8Array {
    return this.#output.subarray(0, this.#length);
  }

  run(): void {
    this.#header();
    let isLast = false;
    while (!isLast) {
      isLast = this.#bits(1) === 1;
      this.#block(this.#bits(2));
    }
    this.#bitsLeft = 0;
    demand(this.#checksum() === adler32(this.output()));
  }

  #checksum(): number {
    return [0, 1, 2, 3].reduce((sum) => sum * 256 + this.#bits(8), 0);
  }

  #header(): void {
    const [method, flags] = [this.#bits(8), this.#bits(8)];
    demand((method * 256 + flags) % 31 === 0 && (method & 15) === 8 && method >> 4 <= 7);
    if ((flags & 0x20) === 0) return;
    // It needs a dictionary, whose name zlib reads before it refuses.
    this.#checksum();
    demand(false);
  }

  #block(kind: number): void {
    demand(kind < 3);
    if (kind === 0) {
      this.#stored();
      return;
    }
    const { literals, distances } = kind === 1 ? FIXED : this.#codes();
    this.#coded(literals, distances);
  }

  #stored(): void {
    this.#bitsLeft = 0;
    const length = this.#bits(16);
    demand((this.#bits(16) ^ length) === 0xffff);
    for (let count = 0; count < length; count += 1) this.#write(this.#bits(8));
  }

  #codes(): Codes {
    const [literalCount, distanceCount, lengthCount] = [this.#bits(5) + 257, this.#bits(5) + 1, this.#bits(4) + 4];
    demand(literalCount <= MOST_LITERAL_CODES && distanceCount <= MOST_DISTANCE_CODES);
    const ofLengths: number[] = new Array(LENGTHS_ORDER.length).fill(0);
    for (const symbol of LENGTHS_ORDER.slice(0, lengthCount)) ofLengths[symbol] = this.#bits(3);
    const lengths = this.#lengths(new PrefixCode(ofLengths, false), literalCount + distanceCount);
    demand((lengths[END_OF_BLOCK] ?? 0) > 0);
    const literals = new PrefixCode(lengths.slice(0, literalCount), true);
    return { literals, distances: new PrefixCode(lengths.slice(literalCount), true) };
  }

  #lengths(code: PrefixCode, count: number): number[] {
    const lengths: number[] = [];
    while (lengths.length < count) {
      // zlib reads a code without words as nothing but zeros.
      const symbol = code.read(this.#bit) ?? 0;
      if (symbol < 16) {
        lengths.push(symbol);
        continue;
      }
      const times = symbol === 16 ? 3 + this.#bits(2) : symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7);
      demand(symbol !== 16 || lengths.length > 0);
      demand(lengths.length + times <= count);
      const repeated = symbol === 16 ? (lengths.at(-1) ?? 0) : 0;
      for (let time = 0; time < times; time += 1) lengths.push(repeated);
    }
    return lengths;
  }

  #coded(literals: PrefixCode, distances: PrefixCode): void {
    for (;;) {
      const symbol = demanded(literals.read(this.#bit));
      if (symbol === END_OF_BLOCK) return;
      if (symbol < END_OF_BLOCK) this.#write(symbol);
      else this.#repeat(this.#reach(LENGTHS[symbol - END_OF_BLOCK - 1]), demanded(distances.read(this.#bit)));
    }
  }

  #repeat(length: number, distanceSymbol: number): void {
    const distance = this.#reach(DISTANCES[distanceSymbol]);
    demand(distance <= this.#length);
    for (let count = 0; count < length; count += 1) this.#write(this.#output[this.#length - distance] ?? 0);
  }

  #reach(reach: Reach | undefined): number {
    const { base, extraBits } = demanded(reach ?? null);
    return base + this.#bits(extraBits);
  }

  #write(byte: number): void {
    if (this.#length === MAX_CONTENT_BYTES) {
      throw new TokenFormatError('The token inflates to more than any token holds.');
    }
    this.#output[this.#length] = byte;
    this.#length += 1;
  }

  #bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) value |= this.#bit() << index;
    return value;
  }

  readonly #bit = (): number => {
    if (this.#bitsLeft === 0) {
      const byte = this.#input[this.#at];
      if (byte === undefined) throw END_OF_INPUT;
      this.#byte = byte;
      this.#at += 1;
      this.#bitsLeft = 8;
    }
    const bit = this.#byte & 1;
    this.#byte >>= 1;
    this.#bitsLeft -= 1;
    return bit;
  };
}

function demand(holds: boolean): asserts holds {
  if (!holds) throw new TokenFormatError('The token does not inflate.');
}

function demanded<Value>(value: Value | null): Value {
  demand(value !== null);
  return value;
}
