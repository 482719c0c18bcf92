import { type Markup, markup } from './markup.js';
import type { RecordedEvent } from './recording.js';

/** What an event holds, one value a line: `about.kind login`. */
export function payloadOf({ at, ...event }: RecordedEvent): Markup {
  return markup`<dl>${linesOf(event)}</dl>`;
}

function linesOf(value: object, path: string = ''): Markup[] {
  return Object.entries(value).flatMap(([key, item]) =>
    typeof item === 'object' && item !== null
      ? linesOf(item, `${path}${key}.`)
      : [markup`<dt>${path + key}</dt><dd>${String(item)}</dd>`],
  );
}
