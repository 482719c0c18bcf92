import { MAX_CONTENT_BYTES } from '../../token/access-token-content.js';
import { InvalidArgumentError } from './errors.js';

/** Gives room of this many bytes, whatever they hold; how that is fastest depends on the platform. */
export type Allocate = (length: number) => Uint8Array<ArrayBuffer>;

/** Writes the little-endian integers and length-prefixed strings of an AccessToken2. */
export class ByteWriter {
  readonly #allocate: Allocate;
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(allocate: Allocate) {
    this.#allocate = allocate;
    this.#bytes = allocate(512);
  }

  u16(value: number): this {
    const at = this.#take(2);
    this.#bytes[at] = value;
    this.#bytes[at + 1] = value >>> 8;
    return this;
  }

  /** A negative number is written as its two's complement. */
  i16(value: number): this {
    return this.u16(value & 0xffff);
  }

  u32(value: number): this {
    return this.u16(value & 0xffff).u16(value >>> 16);
  }

  /** Writes a string with its length in bytes. */
  string(text: string): this {
    if (NOT_ASCII.test(text)) return this.#encoded(new TextEncoder().encode(text));
    this.u16(text.length);
    const at = this.#take(text.length);
    for (let index = 0; index < text.length; index += 1) this.#bytes[at + index] = text.charCodeAt(index);
    return this;
  }

  /** Leaves room that is filled in later, as for a signature over what follows it. */
  skip(length: number): this {
    this.#take(length);
    return this;
  }

  /** What has been written; shares memory with the writer. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #encoded(bytes: Uint8Array): this {
    this.u16(bytes.length);
    const at = this.#take(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  #take(length: number): number {
    const at = this.#length;
    this.#length += length;
    // A reader refuses what is larger, so such a token would be good for nothing.
    if (this.#length > MAX_CONTENT_BYTES) throw new InvalidArgumentError('services', 'are too much for one token.');
    if (this.#length > this.#bytes.length) this.#grow();
    return at;
  }

  #grow(): void {
    const larger = this.#allocate(Math.max(this.#length, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const NOT_ASCII = /[^\x00-\x7f]/;
