import { barOf, type Moment, type Row } from './layout-spans.js';
import { type Shape, type ShapeOf, textWidth } from './shape.js';
import { firstWhere, xOf } from './time-scale.js';
import type { Lane, Wedge } from './timeline.js';
import { duration } from './words.js';

const LAPSE_HEIGHT = 6;
/** Tokens that live shorter than this on the screen are drawn once for all that stand there. */
const NARROW = 2;
/** Below the wedge, in its row. */
const FOOT = 6;

/** Tokens that run down: what is past in full colour, what is to come fainter, with the planned renewal and the time without one. */
export function wedgesOf({ wedges }: Lane, row: Row, moment: Moment): Shape[] {
  const { view, now } = moment;
  const shapes: Shape[] = [];
  let drawnTo = Number.NEGATIVE_INFINITY;
  for (let index = firstWhere(wedges, ({ to }) => to !== null && to < view.from); index < wedges.length; index++) {
    const wedge = wedges[index];
    if (!wedge || wedge.from > view.to) break;
    const end = xOf(view, wedge.to ?? now);
    if (wedge.to !== null && end - drawnTo < NARROW) continue;
    drawnTo = end;
    shapes.push(...shapesOf(wedge, row, moment));
  }
  return shapes;
}

function shapesOf(wedge: Wedge, row: Row, { view, now }: Moment): Shape[] {
  const { event, renewsAt, from, to } = wedge;
  const end = to ?? now;
  const useless = Math.min(wedge.expiresAt, wedge.lapsedAt ?? wedge.expiresAt);
  const bottom = row.y + row.height - FOOT;
  const shapes: Shape[] = [];
  slope(wedge, { from, until: Math.min(end, useless, now), style: 'plain' });
  if (to === null) slope(wedge, { from: Math.max(from, now), until: useless, style: 'ahead' });
  if (end > useless && end > view.from && useless < view.to) {
    const foot = { y: bottom - LAPSE_HEIGHT, height: LAPSE_HEIGHT, bar: LAPSE_HEIGHT };
    const labels = [`no valid token, ${duration(end - useless)}`, 'no valid token'];
    shapes.push(barOf({ from: useless, to: end, tone: 'bad', labels, event }, { row: foot, view, style: 'lapse' }));
  }
  if (to === null && renewsAt !== null && renewsAt > now && renewsAt < view.to) {
    const x = xOf(view, renewsAt);
    const label = `renews in ${duration(Math.ceil((renewsAt - now) / 1000) * 1000)}`;
    const room = view.width - x > textWidth(label);
    const y = bottom - row.bar;
    shapes.push({ is: 'plan', event, tone: 'good', x, y, height: row.bar, label: room ? label : '', style: 'renewal' });
  }
  return shapes;

  /** The part between two moments, as far as it is in view. */
  function slope(
    { expiresAt, lifetimeMs, denied }: Wedge,
    { from, until, style }: { from: number; until: number; style: ShapeOf<'wedge'>['style'] },
  ): void {
    const margin = (view.to - view.from) * 0.02;
    const start = Math.max(from, view.from - margin);
    const stop = Math.min(until, view.to + margin);
    if (stop <= start) return;
    const point = (at: number): { x: number; y: number } => ({
      x: xOf(view, at),
      y: bottom - Math.min(1, Math.max(0, (expiresAt - at) / lifetimeMs)) * row.bar,
    });
    shapes.push({
      is: 'wedge',
      event,
      tone: denied ? 'busy' : 'good',
      from: point(start),
      to: point(stop),
      bottom,
      style,
    });
  }
}
