import { isObject } from './thrown.js';

/** The fields of an object of unknown origin. */
export type Fields = Readonly<Record<string, unknown>>;

/** Where HTTP clients keep what they have met: the error of `fetch`, the answer, what stood in it. */
const BENEATH = 'cause errors error networkError context response result data body $metadata'.split(' ');
/** More than any client nests; an answer may hold a list of any length. */
const MOST = 50;

/** What was thrown, and what lies beneath it, from the outside inwards; each once, for they may lead to each other. */
export function layersOf(thrown: unknown): Fields[] {
  const layers = new Set([Object(thrown) as Fields]);
  for (const layer of layers) {
    const beneath = BENEATH.flatMap((place) => layer[place]).filter(isObject);
    for (const next of beneath.slice(0, MOST - layers.size)) layers.add(next as Fields);
  }
  return [...layers];
}
