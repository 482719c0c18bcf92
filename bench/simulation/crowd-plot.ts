import type { Load } from './crowd.js';

const WIDTH = 860;
const HEIGHT = 380;
const PLOT = { left: 64, right: 846, top: 52, bottom: 326 } as const;
const MOST = 3_000;
const LEAST = 1;
const GRID = [1, 10, 100, 1_000] as const;
const HOURS = [0, 3, 6, 9, 12, 15, 18, 21, 24] as const;

/** Readable on light and on dark pages: an image's media query follows the reader's system, and nothing has a background. */
const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #3d444d; }
  .grid { stroke: #8b949e; stroke-opacity: .35; }
  .ours { fill: none; stroke: #0969da; stroke-width: 1.6; }
  .fixed { fill: none; stroke: #cf6a17; stroke-width: 1.6; }
  @media (prefers-color-scheme: dark) {
    text { fill: #c9d1d9; }
    .ours { stroke: #58a6ff; }
    .fixed { stroke: #f0883e; }
  }
`;

/** Draws what the token server has to bear over a day, minute by minute, on a logarithmic scale. */
export function plotCrowd(ours: Load, fixed: Load, title: string): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${title}">`,
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    ...GRID.map(horizontal),
    ...HOURS.map(hour),
    label(PLOT.left, HEIGHT - 12, 'hours since everybody logged in', 'start'),
    label(PLOT.left, 20, 'token requests per second, average of each minute (logarithmic)', 'start'),
    `<path class="fixed" d="${path(fixed.perMinute)}"/>`,
    `<path class="ours" d="${path(ours.perMinute)}"/>`,
    legend(PLOT.left, 'ours', ours.schedule),
    legend(PLOT.left + 160, 'fixed', fixed.schedule),
    '</svg>',
    '',
  ].join('\n');
}

/** A line through all minutes; those without a request lie on the axis. */
function path(perMinute: readonly number[]): string {
  const points = perMinute.map((value, minute) => ({ x: across(minute / 60), y: up(value) }));
  // Of minutes that are level only the first and last are drawn.
  const drawn = points.filter(({ y }, nth) => points[nth - 1]?.y !== y || points[nth + 1]?.y !== y);
  return drawn.map(({ x, y }, nth) => `${nth === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}

function horizontal(value: number): string {
  const y = up(value);
  const line = `<path class="grid" d="M${PLOT.left} ${y}H${PLOT.right}"/>`;
  return line + label(PLOT.left - 8, y + 4, value.toLocaleString('en'), 'end');
}

function hour(value: number): string {
  const x = across(value);
  const line = `<path class="grid" d="M${x} ${PLOT.bottom}v5"/>`;
  return line + label(x, PLOT.bottom + 20, String(value), 'middle');
}

function legend(x: number, kind: 'ours' | 'fixed', text: string): string {
  return `<path class="${kind}" d="M${x} 37h22"/>${label(x + 28, 41, text, 'start')}`;
}

function label(x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end'): string {
  return `<text x="${x}" y="${y}" text-anchor="${anchor}">${text}</text>`;
}

function across(hours: number): number {
  return round(PLOT.left + ((PLOT.right - PLOT.left) * hours) / 24);
}

function up(value: number): number {
  const share = Math.log(Math.max(LEAST, value) / LEAST) / Math.log(MOST / LEAST);
  return round(PLOT.bottom - (PLOT.bottom - PLOT.top) * Math.min(1, share));
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
