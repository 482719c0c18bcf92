import { World } from './world.js';

const LOOK_EVERY_MS = 10;

/** Loads what the first login of a page loads, in a world that nobody sees: the time of a story does not wait for it. */
export async function loadWorld(): Promise<void> {
  const world = new World();
  world.begin();
  while (['idle', 'connecting'].includes(world.alice.state.status)) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    await world.clock.advance(LOOK_EVERY_MS);
  }
  world.end();
}
