import { type Markup, markup, part, show } from './markup.js';
import type { Tone } from './timeline.js';
import { duration } from './words.js';

/** What the toolbar says. */
export interface ToolbarState {
  readonly label: string;
  readonly tone: Tone;
  readonly userId: string;
  readonly spanMs: number;
  readonly isLive: boolean;
  readonly rate: number;
  readonly rates: readonly number[];
  /** Of a recording: whether it runs. Null for a session. */
  readonly isPlaying: boolean | null;
}

/** What its buttons ask for, by `data-do`. */
export type Command = 'play' | 'rate' | 'out' | 'in' | 'all' | 'live' | 'export' | 'open';

export const TOOLBAR: Markup = markup`<span class="pill"><i></i><span role="status"></span></span><span class="who"></span><div class="tools"><button data-do="play"></button><div class="rates" role="group" aria-label="Speed"></div><button data-do="out" aria-label="Show more time">−</button><output></output><button data-do="in" aria-label="Show less time">+</button><button data-do="all">All</button><button data-do="live"><i></i>Live</button><button data-do="export">Export</button><button data-do="open">Open</button><input type="file" accept=".json" hidden></div>`;

/** Shows in {@link TOOLBAR} how things stand. */
export function showToolbar(root: HTMLElement, state: ToolbarState): void {
  const { label, tone, userId, spanMs, isLive, rate, rates, isPlaying } = state;
  part(root, '.pill').className = `pill ${tone}`;
  show(part(root, '[role=status]'), markup`${label}`);
  show(part(root, '.who'), markup`${userId}`);
  show(part(root, 'output'), markup`${duration(Math.round(spanMs / 1000) * 1000)}`);
  const live = part(root, '[data-do=live]');
  live.ariaPressed = String(isLive);
  live.hidden = isPlaying !== null;
  const play = part(root, '[data-do=play]');
  play.hidden = isPlaying === null;
  show(play, markup`${isPlaying ? 'Pause' : 'Play'}`);
  const speeds = part(root, '.rates');
  speeds.hidden = rates.length === 0;
  show(speeds, markup`${rates.map((one) => markup`<button data-do="rate" data-rate="${one}">${one}×</button>`)}`);
  for (const button of speeds.querySelectorAll('button'))
    button.ariaPressed = String(Number(button.dataset.rate) === rate);
}
