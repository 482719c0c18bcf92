import { type Markup, markup } from './markup.js';
import type { RecordedEvent } from './recording.js';

const LONGEST = 120;

/** What an event holds, one value a line: `about.kind login`. */
export function payloadOf({ at, ...event }: RecordedEvent, most: number): Markup {
  const lines = linesOf(event);
  const more = lines.length - most;
  const shown = more > 0 ? [...lines.slice(0, most), ['…', `${more} more`]] : lines;
  return markup`<dl>${shown.map(([name = '', value = '']) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function linesOf(value: object, path: string = ''): string[][] {
  return Object.entries(value).flatMap(([key, item]) => {
    if (typeof item === 'object' && item !== null) return linesOf(item, `${path}${key}.`);
    const text = String(item);
    return [[path + key, text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text]];
  });
}
