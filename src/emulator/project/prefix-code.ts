import { TokenFormatError } from '../../token/token-format-error.js';

const MOST_BITS = 15;

/** A prefix code of RFC 1951, 3.2.2: by the lengths of its code words alone. */
export class PrefixCode {
  /** How many code words there are of each length. */
  readonly #counts: number[] = new Array(MOST_BITS + 1).fill(0);
  /** The symbols in the order of their code words. */
  readonly #symbols: number[] = [];
  readonly #longest: number;

  /**
   * @param lengths of the code word of each symbol; 0 where it has none.
   * @param mayLackWords whether a single word of one bit will do; no word at all always does, as zlib sees it.
   * @throws TokenFormatError when these are no code.
   */
  constructor(lengths: readonly number[], mayLackWords: boolean) {
    for (const length of lengths) this.#counts[length] = this.#countOf(length) + 1;
    this.#counts[0] = 0;
    for (let length = 1; length <= MOST_BITS; length += 1) {
      for (const [symbol, own] of lengths.entries()) if (own === length) this.#symbols.push(symbol);
    }
    const used = Math.max(...lengths);
    this.#longest = Math.max(1, used);
    const left = this.#wordsLeft();
    const isLacking = left > 0 && used > 0 && !(mayLackWords && used === 1);
    if (left < 0 || isLacking) throw new TokenFormatError('The token does not inflate.');
  }

  /** Reads a code word, bit by bit; null where its bits are none. */
  read(bit: () => number): number | null {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= this.#longest; length += 1) {
      code |= bit();
      const count = this.#countOf(length);
      if (code - first < count) return this.#symbols[index + code - first] ?? null;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return null;
  }

  /** How many words of the longest length could still be given out; below 0 where there are too many. */
  #wordsLeft(): number {
    let left = 1;
    for (let length = 1; length <= MOST_BITS; length += 1) {
      left = left * 2 - this.#countOf(length);
      if (left < 0) return left;
    }
    return left;
  }

  #countOf(length: number): number {
    return this.#counts[length] ?? 0;
  }
}
