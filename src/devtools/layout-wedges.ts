import { barOf, lastingIn, type Moment, type Row } from './layout-spans.js';
import { type Markup, markup } from './markup.js';
import { fitted, shape, textAt } from './shape.js';
import { xOf } from './time-scale.js';
import type { Lane, Wedge } from './timeline.js';
import { duration, wholeSeconds } from './words.js';

const LAPSE_HEIGHT = 6;
/** Below the wedge, in its row. */
const FOOT = 6;

/** Tokens that run down: what is past in full colour, what is to come fainter, with the planned renewal and the time without one. */
export function wedgesOf({ wedges }: Lane, row: Row, moment: Moment): Markup[] {
  return lastingIn(wedges, moment).flatMap((wedge) => shapesOf(wedge, row, moment));
}

function shapesOf(wedge: Wedge, row: Row, { view, now }: Moment): Markup[] {
  const { event, renewsAt, from, to, expiresAt, lifetimeMs, lapsedAt, denied } = wedge;
  const { bar } = row;
  const end = to ?? now;
  const useless = Math.min(expiresAt, lapsedAt ?? expiresAt);
  const bottom = row.y + row.height - FOOT;
  const margin = (view.to - view.from) * 0.02;
  const shapes: Markup[] = [];
  slope(from, Math.min(end, useless, now), 'wedge past');
  if (to === null) slope(Math.max(from, now), useless, 'wedge ahead');
  if (end > useless && end > view.from && useless < view.to) {
    const foot = { y: bottom - LAPSE_HEIGHT, height: LAPSE_HEIGHT, bar: LAPSE_HEIGHT };
    const labels = [`no valid token, ${duration(end - useless)}`, 'no valid token'];
    const lapse = { from: useless, to: end, tone: 'bad', event } as const;
    shapes.push(barOf(lapse, labels, { row: foot, view, style: 'bar lapse', drop: -8 }));
  }
  if (to === null && renewsAt !== null && renewsAt > now && renewsAt < view.to) {
    const x = xOf(view, renewsAt);
    const y = bottom - bar;
    const label = fitted([`renews in ${wholeSeconds(renewsAt - now)}`, ''], view.width - x);
    const drawn = markup`<path d="M${x} ${y - 4}v${bar + 4}"/>${textAt(x + 5, y - 8, label)}`;
    shapes.push(shape('plan', { tone: 'good', event }, drawn));
  }
  return shapes;

  /** The part between two moments, as far as it is in view. */
  function slope(since: number, until: number, style: string): void {
    const start = Math.max(since, view.from - margin);
    const stop = Math.min(until, view.to + margin);
    if (stop <= start) return;
    const point = (at: number): Markup =>
      markup`${xOf(view, at)} ${bottom - Math.min(1, Math.max(0, (expiresAt - at) / lifetimeMs)) * bar}`;
    const edge = markup`M${point(start)}L${point(stop)}`;
    const drawn = markup`<path class="fall" d="${edge}V${bottom}H${xOf(view, start)}z"/><path class="edge" d="${edge}"/>`;
    shapes.push(shape(style, { tone: denied ? 'busy' : 'good', event }, drawn));
  }
}
