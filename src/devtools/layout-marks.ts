import type { Moment, Row } from './layout-spans.js';
import { fitted, type Shape } from './shape.js';
import { firstWhere, xOf } from './time-scale.js';
import type { Lane, Mark, Tone } from './timeline.js';

/** Marks that are closer than this are one. */
const CLOSE = 7;
/** Of marks that are drawn as one the gravest gives its colour. */
const GRAVITY: readonly Tone[] = ['quiet', 'calm', 'good', 'busy', 'bad'];
/** Marks just outside of the view show an edge of theirs, and some that came before lead into it. */
const MARGIN = 12;
const BEFORE = 8;

/** Moments, with the time that led to them and what they led to. */
export function marksOf({ kind, marks }: Lane, row: Row, { view, now }: Moment): Shape[] {
  const isToken = kind === 'token';
  const y = isToken ? row.y + 9 : kind === 'channel' ? row.y + 6 : row.y + row.height / 2;
  // Beyond the present stands what is planned.
  const end = isToken ? Math.min(view.width, xOf(view, now)) : view.width;
  const stem = isToken ? row.height - 15 : 0;
  const lines: Shape[] = [];
  const placed: { mark: Mark; readonly x: number; count: number }[] = [];
  for (let index = Math.max(0, firstWhere(marks, ({ at }) => at < view.from) - BEFORE); index < marks.length; index++) {
    const mark = marks[index];
    if (!mark || mark.since > view.to) break;
    const x = xOf(view, mark.at);
    lines.push(...linesOf(mark, y, { view, now }));
    if (x < -MARGIN || x > view.width + MARGIN) continue;
    const last = placed.at(-1);
    if (!last || x - last.x >= CLOSE) placed.push({ mark, x, count: 1 });
    else {
      last.count += 1;
      if (GRAVITY.indexOf(mark.tone) > GRAVITY.indexOf(last.mark.tone)) last.mark = mark;
    }
  }
  return [
    ...lines,
    ...placed.map(({ mark, x, count }, place): Shape => {
      const { event, tone, shape: style } = mark;
      const text = count > 1 ? `${mark.label} +${count - 1}` : mark.label;
      const room = (placed[place + 1]?.x ?? end) - x - 18;
      const label = kind === 'channel' ? '' : fitted(text, room);
      return { is: 'mark', event, tone, x, y, stem, style, label, count };
    }),
  ];
}

function linesOf({ at, since, nextAt, tone, event }: Mark, y: number, { view, now }: Moment): Shape[] {
  const lines: Shape[] = [];
  const line = (from: number, until: number, style: 'took' | 'next'): void => {
    const x = Math.max(xOf(view, from), -MARGIN);
    const to = Math.min(xOf(view, until), view.width + MARGIN);
    if (to - x > 2) lines.push({ is: 'line', event, tone, x, to, y, style });
  };
  line(since, at, 'took');
  if (nextAt === null) return lines;
  line(at, nextAt, 'next');
  if (nextAt > now && nextAt < view.to)
    lines.push({ is: 'mark', event, tone, x: xOf(view, nextAt), y, stem: 0, style: 'ring', label: '', count: 1 });
  return lines;
}
