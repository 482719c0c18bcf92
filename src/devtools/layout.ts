import { marksOf } from './layout-marks.js';
import { type Row, spansOf } from './layout-spans.js';
import { wedgesOf } from './layout-wedges.js';
import type { Markup } from './markup.js';
import { type Tick, ticksOf, type View, xOf } from './time-scale.js';
import type { Lane, LaneKind } from './timeline.js';

/** What is drawn, in pixels of the plot. */
export interface Layout {
  readonly height: number;
  readonly rows: readonly PlacedLane[];
  /** What lies on top comes last. */
  readonly shapes: readonly Markup[];
  readonly ticks: readonly Tick[];
  /** Where the present is; may lie outside. */
  readonly nowX: number;
}

/** `top` is where its title stands, above or beside. */
export interface PlacedLane extends Row {
  readonly lane: Lane;
  readonly top: number;
}

/** How high a lane is drawn, and how much of it is bar. */
const HEIGHTS: Partial<Record<LaneKind, readonly [row: number, bar: number]>> = {
  state: [42, 26],
  link: [24, 8],
  token: [56, 30],
  requests: [36, 4],
  decisions: [36, 8],
};

/** What to lay out, and when. */
export interface LayoutInput {
  readonly lanes: readonly Lane[];
  readonly view: View;
  readonly now: number;
  /** Room above each lane for its title, where there is none beside it. Default: 0. */
  readonly titleHeight?: number;
}

/** Turns time into place. What lies outside of the view is left out, what is too close to be told apart is drawn once. */
export function layOut({ lanes, view, now, titleHeight = 0 }: LayoutInput): Layout {
  let height = 0;
  const rows = lanes.map((lane) => {
    const [rowHeight, bar] = HEIGHTS[lane.kind] ?? [38, 22];
    const top = height;
    height += titleHeight + rowHeight;
    return { lane, top, y: top + titleHeight, height: rowHeight, bar };
  });
  const moment = { view, now };
  // What lasts lies below, moments on top.
  const shapes = [wedgesOf, spansOf, marksOf].flatMap((shapesOf) =>
    rows.flatMap((row) => shapesOf(row.lane, row, moment)),
  );
  return { height, rows, shapes, ticks: ticksOf(view), nowX: xOf(view, now) };
}
