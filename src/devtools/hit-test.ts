import type { Layout } from './layout.js';
import type { Shape } from './shape.js';

/** A finger or a pointer need not be exact. */
const REACH = 10;
const SLACK = 3;

/** What is at a place: a moment before what lasts, since it is smaller; null where nothing is. */
export function hitTest({ shapes }: Pick<Layout, 'shapes'>, x: number, y: number): Shape | null {
  let nearest: Shape | null = null;
  let distance = REACH;
  for (const shape of shapes) {
    if (shape.is !== 'mark') continue;
    const away = Math.hypot(shape.x - x, shape.y - y);
    if (away > distance) continue;
    nearest = shape;
    distance = away;
  }
  return nearest ?? shapes.findLast((shape) => isWithin(shape, x, y)) ?? null;
}

function isWithin(shape: Shape, x: number, y: number): boolean {
  if (shape.is === 'wedge')
    return x >= shape.from.x && x <= shape.to.x && y <= shape.bottom && y >= shape.from.y - SLACK;
  if (shape.is !== 'bar') return false;
  return x >= shape.x - SLACK && x <= shape.x + shape.width + SLACK && y >= shape.y && y <= shape.y + shape.height;
}
