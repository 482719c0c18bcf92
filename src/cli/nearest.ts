/** More edits than one in three letters make another word. */
const LETTERS_PER_EDIT = 3;

/** The word that was probably meant; null where none is near. */
export function nearest(written: string, words: readonly string[]): string | null {
  const word = written.toLowerCase();
  const [best] = words
    .map((candidate) => ({ candidate, edits: edits(word, candidate) }))
    .filter(({ candidate, edits }) => edits <= Math.ceil(candidate.length / LETTERS_PER_EDIT))
    .sort((a, b) => a.edits - b.edits);
  return best?.candidate ?? null;
}

/** How many letters have to be added, taken away, replaced, or swapped with the next, to make one word of the other. */
function edits(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = at(last, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const swaps = from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = swaps ? at(beforeLast, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(last, j) + 1, at(row, j - 1) + 1, replaced, swapped));
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
