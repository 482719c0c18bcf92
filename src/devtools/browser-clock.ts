import type { Clock } from '../index.js';

/** What a panel needs of a session's clock. */
export type PanelClock = Pick<Clock, 'now' | 'setTimeout' | 'clearTimeout'>;

/** The browser's own. */
export const browserClock: PanelClock = {
  now: () => Date.now(),
  setTimeout: (callback, delayMs) => setTimeout(callback, delayMs),
  clearTimeout: (handle) => clearTimeout(handle as number),
};
