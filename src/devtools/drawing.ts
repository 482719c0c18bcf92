import type { Layout } from './layout.js';
import { type Markup, markup } from './markup.js';
import type { Shape } from './shape.js';
import type { MarkShape } from './timeline.js';

/** What is emphasised. */
export interface Emphasis {
  /** The place in the recording of the event that is explained. */
  readonly selected: number | null;
  /** Where its moment is. */
  readonly selectedX: number | null;
  /** What is pointed at. */
  readonly hovered: Shape | null;
  readonly pointerX: number | null;
}

const MARKS: Readonly<Record<MarkShape, string>> = {
  dot: 'M0-5a5 5 0 1 0 .01 0z',
  ring: 'M0-4.5a4.5 4.5 0 1 0 .01 0z',
  diamond: 'M0-6.5 6.5 0 0 6.5-6.5 0z',
  flag: 'M-1-7h1l9 4-9 4v8h-1z',
  cross: 'M-4-4 4 4M4-4-4 4',
  tick: 'M-4-5h8L0 1z',
};
/** The label of the present hides those times that are closer. */
const NOW_ROOM = 52;

/** The times above the lanes. */
export function drawAxis({ ticks, nowX }: Layout): Markup {
  return markup`${ticks.map(({ x, label }) =>
    Math.abs(x - nowX) < NOW_ROOM ? markup`` : markup`<text x="${x}" y="18">${label}</text>`,
  )}<g class="now" transform="translate(${nowX})"><rect x="-19" y="4" width="38" height="20" rx="10"/><text y="18">now</text></g>`;
}

/** The lanes, what lasts below what lies over it, and moments on top. */
export function drawLanes(layout: Layout, width: number, emphasis: Emphasis): Markup {
  const { height, ticks, rows, nowX, shapes } = layout;
  const grid = ticks.map(({ x }) => `M${x.toFixed(1)} 0V${height}`).join('');
  const borders = rows
    .slice(1)
    .map(({ top }) => `M0 ${top - 0.5}H${width}`)
    .join('');
  const ahead = Math.max(0, nowX);
  return markup`<path class="grid" d="${grid}${borders}"/><rect class="ahead" x="${ahead}" width="${Math.max(0, width - ahead)}" height="${height}"/>${upright(
    'chosen-line',
    emphasis.selectedX,
    height,
  )}${[...shapes].sort((one, other) => LAYERS[one.is] - LAYERS[other.is]).map((shape) => drawShape(shape, emphasis))}${upright('now', nowX, height)}${upright('cursor', emphasis.pointerX, height)}`;
}

const LAYERS: Readonly<Record<Shape['is'], number>> = { wedge: 0, bar: 1, line: 2, plan: 2, mark: 3 };

function upright(name: string, x: number | null, height: number): Markup {
  return x === null ? markup`` : markup`<path class="${name}" d="M${x} 0V${height}"/>`;
}

function drawShape(shape: Shape, { selected, hovered }: Emphasis): Markup {
  const isChosen = selected !== null && shape.event === selected && shape.is !== 'plan';
  const classes = `${shape.is} ${shape.style} ${shape.tone}${isChosen ? ' chosen' : ''}${shape === hovered ? ' hot' : ''}`;
  return markup`<g class="${classes}">${insides(shape)}</g>`;
}

function insides(shape: Shape): Markup {
  switch (shape.is) {
    case 'bar': {
      const { x, y, width, height, label, labelX, style } = shape;
      const textY = style === 'lapse' ? y - 5 : y + height / 2 + 4;
      return markup`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${Math.min(5, height / 2, width / 2)}"/><text x="${labelX}" y="${textY}">${label}</text>`;
    }
    case 'wedge': {
      const { from, to, bottom } = shape;
      const edge = `M${from.x.toFixed(1)} ${from.y.toFixed(2)}L${to.x.toFixed(1)} ${to.y.toFixed(2)}`;
      return markup`<path d="${edge}V${bottom}H${from.x}z"/><path class="edge" d="${edge}"/>`;
    }
    case 'mark': {
      const { x, y, stem, style, label } = shape;
      return markup`<g transform="translate(${x} ${y})"><path class="stem" d="M0 0v${stem}"/><path class="glyph" d="${MARKS[style]}"/><text x="11" y="4">${label}</text></g>`;
    }
    case 'line':
      return markup`<path d="M${shape.x} ${shape.y}H${shape.to}"/>`;
    case 'plan': {
      const { x, y, height, label } = shape;
      return markup`<path d="M${x} ${y - 4}V${y + height}"/><text x="${x + 5}" y="${y - 8}">${label}</text>`;
    }
  }
}

/** Stripes tell apart what colours alone would not. */
export const DEFINITIONS: Markup = markup`<defs>${[
  ['busy', 10],
  ['lapse', 6],
].map(
  ([id = '', size = 0]) =>
    markup`<pattern id="${id}" width="${size}" height="${size}" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="${size}" height="${size}"/><rect width="${Number(size) / 2}" height="${size}" class="stripe"/></pattern>`,
)}<linearGradient id="fall" x1="0" y1="0" x2="0" y2="1"><stop offset="0" class="full"/><stop offset="1" class="empty"/></linearGradient></defs>`;
