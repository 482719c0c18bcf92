/** Random numbers that a seed repeats: mulberry32, seeded with a hash of a text. */
export class SeededRandom {
  #state: number;

  /** @param seed any text; equal texts give equal numbers */
  constructor(seed: string) {
    this.#state = hash(seed);
  }

  /** A number from 0 to below 1. */
  readonly next = (): number => {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };

  /** A whole number of milliseconds between two bounds, all equally likely. */
  between(leastMs: number, mostMs: number): number {
    return Math.round(leastMs + this.next() * (mostMs - leastMs));
  }

  /** A whole number of milliseconds between two bounds, each order of magnitude equally likely: mostly short, sometimes long. */
  mostlyShort(leastMs: number, mostMs: number): number {
    return Math.round(leastMs * (mostMs / leastMs) ** this.next());
  }

  /** One of several things. */
  pick<Item>(items: readonly [Item, ...Item[]]): Item {
    return items[Math.floor(this.next() * items.length)] ?? items[0];
  }
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
