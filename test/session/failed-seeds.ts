import type { Manners } from '../support/session-story.js';

/** Stories that once ended badly, for as long as the stories of these numbers are the same. */
const FAILED: Readonly<Record<Manners, readonly number[]>> = {
  fair: [
    25, 71, 123, 143, 151, 243, 276, 343, 1392, 1678, 5324, 5713, 6006, 6112, 6237, 6397, 20626, 40117, 40987, 41147,
    41372, 41751, 42303, 100973, 201094, 201577, 303971, 1008040, 332736165, 5551259, 9404115, 9502575, 405700019,
  ],
  evil: [
    39, 75, 91, 181, 381, 1212, 1559, 101455, 204726, 303971, 304036, 1003759, 1855, 20262462, 6600167, 9401924,
    31008959, 403911168, 404790693,
  ],
};

/** Each of them, for `it.each`. */
export const FAILED_SEEDS: [manners: Manners, seed: number][] = [
  ...FAILED.fair.map((seed): [Manners, number] => ['fair', seed]),
  ...FAILED.evil.map((seed): [Manners, number] => ['evil', seed]),
];
