import type { Stage } from './stage.js';

/** The session's timeline, and beside it that of carol's page. */
export class Timeline {
  constructor(_stage: Stage) {}
}
