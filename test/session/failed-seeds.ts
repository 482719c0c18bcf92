import type { Manners } from '../support/session-story.js';

/** Stories that once ended badly, for as long as the stories of these numbers are the same. */
export const FAILED_SEEDS: [manners: Manners, seed: number][] = [];
