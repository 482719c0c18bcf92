import type { Layout } from './layout.js';
import { type Markup, markup } from './markup.js';

/** The label of the present hides those times that are closer. */
const NOW_ROOM = 52;

/** The times above the lanes. */
export function drawAxis({ ticks, nowX }: Layout): Markup {
  return markup`${ticks.map(({ x, label }) =>
    Math.abs(x - nowX) < NOW_ROOM ? markup`` : markup`<text x="${x}" y="18">${label}</text>`,
  )}<g class="now" transform="translate(${nowX})"><rect x="-19" y="4" width="38" height="20" rx="10"/><text y="18">now</text></g>`;
}

/** The lanes, with a line for the present, for the chosen event and for the pointer. */
export function drawLanes(
  { height, ticks, rows, nowX, shapes }: Layout,
  { width, chosenX, pointerX }: { width: number; chosenX: number | null; pointerX: number | null },
): Markup {
  const upright = (name: string, x: number | null): Markup =>
    x === null ? markup`` : markup`<path class="${name}" d="M${x} 0v${height}"/>`;
  return markup`<path class="grid" d="${ticks.map(({ x }) => markup`M${x} 0v${height}`)}${rows.map(
    ({ top }) => markup`M0 ${top - 0.5}h${width}`,
  )}"/><rect class="ahead" x="${nowX}" width="${Math.max(0, width - nowX)}" height="${height}"/>${upright(
    'chosen-line',
    chosenX,
  )}${shapes}${upright('now', nowX)}${upright('cursor', pointerX)}`;
}

/** Stripes tell apart what colours alone would not. */
export const DEFINITIONS: Markup = markup`<pattern id="busy" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8"/><rect width="4" height="8" class="stripe"/></pattern>`;
