import { type Markup, markup } from './markup.js';
import type { Tone } from './timeline.js';

/** One thing that is drawn. An event that tells of it is found by `data-event`, its place in the recording. */
export function shape(
  style: string,
  { tone, event }: { readonly tone: Tone; readonly event: number | null },
  inside: Markup,
): Markup {
  return markup`<g class="${style} ${tone}" data-event="${event ?? ''}">${inside}</g>`;
}

/** A text, where there is one. */
export function textAt(x: number, y: number, text: string): Markup {
  return text ? markup`<text x="${x}" y="${y}">${text}</text>` : markup``;
}

const CHARACTER_WIDTH = 6.6;

/** The longest of some texts that has room, or as much of the last one as has. Letters are taken to be of one width. */
export function fitted(texts: readonly string[], width: number): string {
  const room = Math.floor(width / CHARACTER_WIDTH);
  const whole = texts.find(({ length }) => length <= room);
  return (
    whole ??
    (room < 5
      ? ''
      : `${texts
          .at(-1)
          ?.slice(0, room - 1)
          .trimEnd()}…`)
  );
}
