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

export const TOOLBAR: Markup = markup`<span class="pill"><i></i><span role="status"></span></span><span class="who"></span><div class="tools"><button type="button" data-do="play"></button><div class="segments" role="group" aria-label="Speed"></div><div class="segments" role="group" aria-label="Zoom"><button type="button" data-do="out" aria-label="Show more time">−</button><output aria-label="Time in view"></output><button type="button" data-do="in" aria-label="Show less time">+</button></div><button type="button" data-do="all" title="Show everything">All</button><button type="button" data-do="live" title="Follow the present"><i></i>Live</button><button type="button" data-do="export" title="Save what is shown as JSON; it holds no token">Export</button><button type="button" data-do="open" title="Show a recording; it can also be dropped here">Open</button><input type="file" accept=".json" hidden></div>`;

/** Shows in {@link TOOLBAR} how things stand. */
export function showToolbar(root: HTMLElement, state: ToolbarState): void {
  const { label, tone, userId, spanMs, isLive, rate, rates, isPlaying } = state;
  part(root, '.pill').className = `pill ${tone}`;
  show(part(root, '[role=status]'), markup`${label}`);
  show(part(root, '.who'), markup`${userId}`);
  show(part(root, 'output'), markup`${duration(Math.round(spanMs / 1000) * 1000)}`);
  const live = part<HTMLButtonElement>(root, '[data-do=live]');
  live.ariaPressed = String(isLive);
  live.hidden = isPlaying !== null;
  const play = part<HTMLButtonElement>(root, '[data-do=play]');
  play.hidden = isPlaying === null;
  show(play, isPlaying ? markup`Pause` : markup`Play`);
  const speeds = part(root, '.segments');
  speeds.hidden = rates.length === 0;
  show(
    speeds,
    markup`${rates.map((one) => markup`<button type="button" data-do="rate" data-rate="${one}">${one}×</button>`)}`,
  );
  for (const button of speeds.querySelectorAll('button'))
    button.ariaPressed = String(Number(button.dataset.rate) === rate);
}
