import { Buffer } from 'node:buffer';
import { MAX_CONTENT_BYTES } from '../../token/access-token-content.js';
import { InvalidArgumentError } from './errors.js';

/** Writes the little-endian integers and length-prefixed strings of an AccessToken2. */
export class ByteWriter {
  #buffer: Buffer = Buffer.allocUnsafe(512);
  #length = 0;

  u16(value: number): this {
    const at = this.#take(2);
    this.#buffer.writeUInt16LE(value, at);
    return this;
  }

  i16(value: number): this {
    const at = this.#take(2);
    this.#buffer.writeInt16LE(value, at);
    return this;
  }

  u32(value: number): this {
    const at = this.#take(4);
    this.#buffer.writeUInt32LE(value, at);
    return this;
  }

  /** Writes a string with its length in bytes. */
  string(text: string): this {
    const length = Buffer.byteLength(text);
    this.u16(length);
    const at = this.#take(length);
    this.#buffer.write(text, at, 'utf8');
    return this;
  }

  /** Leaves room that is filled in later, as for a signature over what follows it. */
  skip(length: number): this {
    this.#take(length);
    return this;
  }

  /** What has been written; shares memory with the writer. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #take(length: number): number {
    const at = this.#length;
    this.#length += length;
    // A reader refuses what is larger, so such a token would be good for nothing.
    if (this.#length > MAX_CONTENT_BYTES) throw new InvalidArgumentError('services', 'are too much for one token.');
    if (this.#length > this.#buffer.length) this.#grow();
    return at;
  }

  #grow(): void {
    const larger = Buffer.allocUnsafe(Math.max(this.#length, this.#buffer.length * 2));
    this.#buffer.copy(larger);
    this.#buffer = larger;
  }
}
