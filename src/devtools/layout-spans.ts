import { type Markup, markup } from './markup.js';
import { fitted, shape, textAt } from './shape.js';
import { type View, xOf } from './time-scale.js';
import type { Lane, Span } from './timeline.js';
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

/** What is in view of a list; of those that end in one place the first. */
export function lastingIn<Item extends { readonly from: number; readonly to: number | null }>(
  items: readonly Item[],
  { view, now }: Moment,
): Item[] {
  const found: Item[] = [];
  let drawnTo = Number.NEGATIVE_INFINITY;
  for (const item of items) {
    if (item.from > view.to) break;
    const end = xOf(view, item.to ?? now);
    if (end < 0 || (item.to !== null && end - drawnTo < NARROW)) continue;
    drawnTo = end;
    found.push(item);
  }
  return found;
}

/** Bars of what lasts, and of what was missed. */
export function spansOf({ kind, spans, gaps }: Lane, row: Row, { view, now }: Moment): Markup[] {
  const bars: Markup[] = [];
  const isThin = kind === 'link' || kind === 'requests';
  for (const span of lastingIn(spans, { view, now })) {
    // A request that is over is a dot with a line.
    if (span.tone === 'quiet' || (kind === 'requests' && span.to !== null)) continue;
    const to = span.to ?? now;
    const [head = ''] = span.label.split(':');
    const took = span.to === null || span.tone === 'good' ? '' : `, ${duration(to - span.from)}`;
    const labels = isThin ? [''] : [span.label + took, head + took, head];
    bars.push(barOf({ ...span, to }, labels, { row, view, style: isThin ? 'bar thin' : 'bar span' }));
  }
  const below = { y: row.y + (row.height + row.bar) / 2 + 1, height: GAP_HEIGHT, bar: GAP_HEIGHT };
  for (const gap of gaps)
    if (gap.to > view.from && gap.from < view.to)
      bars.push(barOf({ ...gap, tone: 'busy' }, [''], { row: below, view, style: 'bar gap' }));
  return bars;
}

/** How a bar is drawn. */
export interface BarStyle {
  readonly row: Row;
  readonly view: View;
  readonly style: string;
  /** How far below its middle the line stands on which its label is written. */
  readonly drop?: number;
}

/** A bar as far as it is in view. One that began before keeps its label in sight. */
export function barOf(
  span: Pick<Span, 'from' | 'tone' | 'event'> & { readonly to: number },
  labels: readonly string[],
  { row, view, style, drop = 4 }: BarStyle,
): Markup {
  const height = row.bar;
  const x = Math.max(xOf(view, span.from), -PADDING);
  const y = row.y + (row.height - height) / 2;
  const width = Math.max(NARROW, Math.min(xOf(view, span.to), view.width + PADDING) - x);
  const labelX = Math.max(x, 0) + PADDING;
  const label = fitted(labels, x + width - labelX - PADDING / 2);
  return shape(
    style,
    span,
    markup`<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${Math.min(5, height / 2, width / 2)}"/>${textAt(labelX, y + height / 2 + drop, label)}`,
  );
}
