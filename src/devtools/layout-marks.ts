import type { Moment, Row } from './layout-spans.js';
import { type Markup, markup } from './markup.js';
import { fitted, shape, textAt } from './shape.js';
import { xOf } from './time-scale.js';
import type { Lane, Mark, MarkShape, Tone } from './timeline.js';

const GLYPHS: Readonly<Record<MarkShape, string>> = {
  dot: 'm0-5a5 5 0 1 0 .01 0z',
  ring: 'm0-5a5 5 0 1 0 .01 0z',
  diamond: 'm0-6.5l6.5 6.5-6.5 6.5-6.5-6.5z',
  flag: 'm-1-7h1l9 4-9 4v8h-1z',
  cross: 'm-4-4l8 8m0-8l-8 8',
  tick: 'm-4-5h8l-4 6z',
};
/** Marks that are closer than this are one. */
const CLOSE = 7;
/** Of marks that are drawn as one the gravest gives its colour. */
const GRAVITY: readonly Tone[] = ['quiet', 'calm', 'good', 'busy', 'bad'];
/** Marks just outside of the view show an edge of theirs. */
const MARGIN = 12;

/** Moments, with the time that led to them and what they led to. */
export function marksOf({ kind, marks }: Lane, row: Row, { view, now }: Moment): Markup[] {
  const isToken = kind === 'token';
  const y = isToken ? row.y + 9 : kind === 'channel' ? row.y + 6 : row.y + row.height / 2;
  // Beyond the present stands what is planned.
  const end = isToken ? Math.min(view.width, xOf(view, now)) : view.width;
  const stem = isToken ? markup`<path d="M0 0v${row.height - 15}"/>` : markup``;
  const lines: Markup[] = [];
  const placed: { mark: Mark; readonly x: number; count: number }[] = [];
  for (const mark of marks) {
    const { at, since, nextAt } = mark;
    if (since > view.to) break;
    if (xOf(view, nextAt ?? at) < -MARGIN) continue;
    const x = xOf(view, at);
    line(mark, since, at);
    if (nextAt !== null) {
      line(mark, at, nextAt);
      if (nextAt > now && nextAt < view.to) lines.push(markOf({ ...mark, shape: 'ring' }, xOf(view, nextAt), ''));
    }
    if (x < -MARGIN || x > view.width + MARGIN) continue;
    const last = placed.at(-1);
    if (!last || x - last.x >= CLOSE) placed.push({ mark, x, count: 1 });
    else {
      last.count += 1;
      if (GRAVITY.indexOf(mark.tone) > GRAVITY.indexOf(last.mark.tone)) last.mark = mark;
    }
  }
  const named = placed.map(({ mark, x, count }, place) => {
    const more = count > 1 ? ` +${count - 1}` : '';
    const room = (placed[place + 1]?.x ?? end) - x - 18;
    return markOf(
      mark,
      x,
      kind === 'channel' ? '' : fitted([mark.label + more, mark.label.split(',', 1) + more], room),
    );
  });
  return [...lines, ...named];

  function markOf(mark: Mark, x: number, label: string): Markup {
    return shape(
      `mark ${mark.shape}`,
      mark,
      markup`<g transform="translate(${x} ${y})"><circle r="10"/>${stem}<path class="glyph" d="M0 0${GLYPHS[mark.shape]}"/>${textAt(11, 4, label)}</g>`,
    );
  }

  function line(mark: Mark, from: number, until: number): void {
    const x = Math.max(xOf(view, from), -MARGIN);
    const width = Math.min(xOf(view, until), view.width + MARGIN) - x;
    const style = from < mark.at ? 'line took' : 'line next';
    if (width > 2) lines.push(shape(style, mark, markup`<path d="M${x} ${y}h${width}"/>`));
  }
}
