import { nextTurns } from '../../src/testing/turns.js';

export { VirtualClock } from '../../src/testing/virtual-clock.js';

/** Lets everything that is ready run: promise jobs, and the immediate callbacks of streams and sockets. */
export function settle(): Promise<void> {
  return nextTurns(4);
}
