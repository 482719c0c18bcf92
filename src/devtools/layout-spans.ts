import { fitted, type ShapeOf, textWidth } from './shape.js';
import { firstWhere, type View, xOf } from './time-scale.js';
import type { Lane, Tone } from './timeline.js';
import { duration } from './words.js';

/** Where a lane is. */
export interface Row {
  readonly y: number;
  readonly height: number;
  /** How high its bars are. */
  readonly bar: number;
}

/** When it is drawn. */
export interface Moment {
  readonly view: View;
  readonly now: number;
}

const PADDING = 8;
const GAP_HEIGHT = 5;
/** Narrower ones are drawn once for all that stand there. */
const NARROW = 1.5;

/** Bars of what lasts, and of what was missed. */
export function spansOf({ kind, spans, gaps }: Lane, row: Row, { view, now }: Moment): ShapeOf<'bar'>[] {
  const bars: ShapeOf<'bar'>[] = [];
  const isThin = kind === 'link' || kind === 'requests';
  let drawnTo = Number.NEGATIVE_INFINITY;
  for (let index = firstWhere(spans, ({ to }) => (to ?? now) < view.from); index < spans.length; index++) {
    const span = spans[index];
    if (!span || span.from > view.to) break;
    // A request that is over is a dot with a line.
    if (span.tone === 'quiet' || (kind === 'requests' && span.to !== null)) continue;
    const to = span.to ?? now;
    const end = xOf(view, to);
    if (end - drawnTo < NARROW) continue;
    drawnTo = end;
    const [head = ''] = span.label.split(':');
    const took = span.to === null || span.tone === 'good' ? '' : `, ${duration(to - span.from)}`;
    const labels = isThin ? [] : [span.label + took, head + took, head];
    bars.push(barOf({ ...span, to, labels }, { row, view, style: isThin ? 'thin' : 'span' }));
  }
  const below = { y: row.y + (row.height + row.bar) / 2 + 1, height: GAP_HEIGHT, bar: GAP_HEIGHT };
  for (const gap of gaps)
    if (gap.to > view.from && gap.from < view.to)
      bars.push(barOf({ ...gap, tone: 'busy', labels: [''] }, { row: below, view, style: 'gap' }));
  return bars;
}

interface Lasting {
  readonly from: number;
  readonly to: number;
  readonly tone: Tone;
  /** From the longest to the shortest; the first that has room is shown. */
  readonly labels: readonly string[];
  readonly event: number | null;
}

/** How a bar is drawn. */
export interface BarStyle {
  readonly row: Row;
  readonly view: View;
  readonly style: ShapeOf<'bar'>['style'];
}

/** A bar as far as it is in view. */
export function barOf({ from, to, tone, labels, event }: Lasting, { row, view, style }: BarStyle): ShapeOf<'bar'> {
  const x = Math.max(xOf(view, from), -PADDING);
  const width = Math.max(NARROW, Math.min(xOf(view, to), view.width + PADDING) - x);
  const labelX = Math.max(x, 0) + PADDING;
  const room = x + width - labelX - PADDING / 2;
  const label = labels.find((one) => textWidth(one) <= room) ?? fitted(labels.at(-1) ?? '', room);
  const y = row.y + (row.height - row.bar) / 2;
  return { is: 'bar', event, tone, x, y, width, height: row.bar, labelX, label, style };
}
