import { type Markup, markup, part, show } from './markup.js';
import type { Span } from './timeline.js';
import { wholeSeconds } from './words.js';

/** What the toolbar says. */
export interface ToolbarState {
  /** How the session stands. */
  readonly state: Pick<Span, 'label' | 'tone'> | undefined;
  readonly userId: string;
  readonly spanMs: number;
  readonly isLive: boolean;
  readonly rate: number;
  readonly rates: readonly number[];
  /** Of a recording: whether it runs. Null for a session. */
  readonly isPlaying: boolean | null;
}

/** What its buttons ask for, by `data-do`; `go` is to follow a session, or to run a recording. */
export type Command = 'go' | 'rate' | 'out' | 'in' | 'all' | 'export' | 'open';

export const TOOLBAR: Markup = markup`<span role="status"></span><div class="tools"><button data-do="go"></button><div class="rates" role="group" aria-label="Speed"></div><button data-do="out" aria-label="Show more time">−</button><output></output><button data-do="in" aria-label="Show less time">+</button><button data-do="all">All</button><button data-do="export">Export</button><button data-do="open">Open</button><input type="file" accept=".json" hidden></div>`;

/** Shows in {@link TOOLBAR} how things stand. */
export function showToolbar(
  root: HTMLElement,
  { state, userId, spanMs, isLive, rate, rates, isPlaying }: ToolbarState,
): void {
  show(
    part(root, '[role=status]'),
    markup`<b class="${state?.tone ?? 'quiet'}"><i></i> ${state?.label ?? 'nothing yet'}</b> <small>${userId}</small>`,
  );
  show(part(root, 'output'), markup`${wholeSeconds(spanMs)}`);
  const go = part(root, '[data-do=go]');
  go.ariaPressed = isPlaying === null ? String(isLive) : null;
  show(go, isPlaying === null ? markup`<i></i>Live` : markup`${isPlaying ? 'Pause' : 'Play'}`);
  const speeds = part(root, '.rates');
  show(speeds, markup`${rates.map((one) => markup`<button data-do="rate" data-rate="${one}">${one}×</button>`)}`);
  for (const button of speeds.querySelectorAll('button'))
    button.ariaPressed = String(Number(button.dataset.rate) === rate);
}
