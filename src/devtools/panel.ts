import type { EventLog } from './event-log.js';
import { EventTable, TABLE } from './event-table.js';
import { FrameLoop } from './frame-loop.js';
import { Markup, markup, part, show } from './markup.js';
import { PLOT, Plot } from './plot.js';
import type { RecordedEvent } from './recording.js';
import { listenForFiles, saveRecording } from './recording-files.js';
import type { Source } from './source.js';
import { STYLES } from './styles.js';
import type { Lane } from './timeline.js';
import { type Command, showToolbar, TOOLBAR } from './toolbar.js';
import { whyOf } from './why.js';
import { TimeWindow } from './window.js';

const REPLAY_RATES: readonly number[] = [1, 10, 100];
const ZOOM_STEP = 1.5;
/** What a key does in the table: how many lines it goes on; 0: to the present. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowUp: -1,
  ArrowDown: 1,
  PageUp: -10,
  PageDown: 10,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
  Escape: 0,
};
/** A picture moves on when it would move by this much. */
const SMALLEST_STEP_PX = 0.5;
/** What counts seconds is drawn this often, however slowly the picture moves. */
const SLOWEST_MS = 500;
/** For those who prefer things not to move. */
const CALM_MS = 1_000;
/** A frame takes its own time. */
const FRAME_MS = 16;

const PANEL = markup`<style>${new Markup(STYLES)}</style><section class="panel" aria-label="Session over time"><header>${TOOLBAR}</header><p class="error" role="alert" hidden></p><div class="stage">${PLOT}</div><div class="below"><section class="events">${TABLE}</section><section class="why"><h3>Why</h3><div class="scroll" aria-live="polite" tabindex="0"></div></section></div></section>`;

/** What a panel is made with. */
export interface PanelOptions {
  readonly source: Source;
  readonly onSelect: (event: RecordedEvent | null) => void;
  readonly onRate: () => void;
  readonly onFile: (text: string) => void;
}

/** Draws a source, and does what somebody asks for. */
export class Panel {
  readonly window: TimeWindow = new TimeWindow();
  rate = 1;
  rates: readonly number[] = [];
  extraLanes: readonly Lane[] = [];
  readonly #root: ShadowRoot;
  readonly #options: PanelOptions;
  readonly #plot: Plot;
  readonly #table: EventTable;
  readonly #loop = new FrameLoop((at) => this.#draw(at));
  /** Counts from the first event ever, since old ones are dropped. */
  #selected: number | null = null;
  #reveals = false;

  constructor(root: ShadowRoot, options: PanelOptions) {
    this.#root = root;
    this.#options = options;
    root.innerHTML = PANEL.text;
    this.#plot = new Plot(part(root, '.stage'), {
      onMove: (ms) => this.#look(() => this.window.moveBy(ms, this.sight)),
      onZoom: (factor, at) => this.#look(() => this.window.zoom(factor, at, this.sight)),
      onSelect: (event) => this.#select(event),
      onPoint: () => this.request(),
    });
    this.#table = new EventTable(part(root, '.events'), () => this.request());
    this.#listen(part(root, '.panel'));
  }

  start(element: HTMLElement): void {
    this.#loop.start(element);
  }

  stop(): void {
    this.#loop.stop();
  }

  /** Draws with the next frame. */
  request(): void {
    this.#loop.request();
  }

  /** Forgets what was looked at: something else is shown. */
  reset(): void {
    this.#selected = null;
    this.window.follow();
    this.request();
  }

  get sight(): { timeline: EventLog['timeline']; now: number; width: number } {
    const { log, now } = this.#options.source;
    return { timeline: log.timeline, now, width: this.#plot.width };
  }

  get #place(): number | null {
    const { dropped, events } = this.#options.source.log;
    const place = (this.#selected ?? -1) - dropped;
    return events[place] ? place : null;
  }

  #draw(at: number): void {
    const { source } = this.#options;
    const { replay, clock } = source;
    const { rate } = this;
    replay?.run(at, rate);
    const { log, now } = source;
    const { timeline, events } = log;
    const view = this.window.view(this.sight);
    const selected = this.#place;
    this.#table.show(log, selected, this.#reveals);
    this.#plot.show({ lanes: [...timeline.lanes, ...this.extraLanes], events, view, now, selected });
    this.#reveals = false;
    show(part(this.#root, '.why .scroll'), whyOf(events, selected));
    const state = timeline.lanes.find(({ kind }) => kind === 'state')?.spans.at(-1);
    showToolbar(part(this.#root, 'header'), {
      label: state?.label ?? 'nothing yet',
      tone: state?.tone ?? 'quiet',
      userId: source.userId,
      spanMs: view.to - view.from,
      isLive: this.window.isLive,
      rate,
      rates: replay ? REPLAY_RATES : this.rates,
      isPlaying: replay?.isPlaying ?? null,
    });
    if (!(replay ? replay.isPlaying : source.shown.session)) return;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const stepMs = ((view.to - view.from) / view.width / rate) * SMALLEST_STEP_PX;
    const waitMs = Math.max(0, (isCalm ? CALM_MS : Math.min(SLOWEST_MS, stepMs)) - FRAME_MS);
    this.#loop.pace(clock, replay ? waitMs : waitMs * rate);
  }

  #look(change: () => void): void {
    change();
    this.request();
  }

  #select(place: number | null): void {
    const { log } = this.#options.source;
    const event = log.events[place ?? -1] ?? null;
    this.#selected = event && (place ?? 0) + log.dropped;
    this.#reveals = true;
    if (event) this.window.reveal(event.at, this.sight);
    this.request();
    this.#options.onSelect(event);
  }

  /** Selects the event that is so many further in the table. */
  #step(by: number): void {
    const { shown } = this.#options.source.log;
    const place = this.#place;
    const last = shown.length - 1;
    const from = place === null ? last + (by < 0 ? 1 : 0) : shown.indexOf(place);
    this.#select(shown[Math.min(last, Math.max(0, from + by))] ?? null);
  }

  #command(command: Command, rate: number): void {
    const { sight, window } = this;
    const { source, onRate } = this.#options;
    const commands: Readonly<Record<Command, () => void>> = {
      live: () => {
        this.#select(null);
        window.follow();
      },
      all: () => window.showAll(sight.timeline, sight.now),
      in: () => window.zoom(1 / ZOOM_STEP, sight.now, sight),
      out: () => window.zoom(ZOOM_STEP, sight.now, sight),
      rate: () => {
        this.rate = rate;
        onRate();
      },
      play: () => {
        source.replay?.toggle();
        window.follow();
      },
      export: () => saveRecording(source.recording),
      open: () => part(this.#root, 'input').click(),
    };
    this.#look(commands[command]);
  }

  #listen(panel: HTMLElement): void {
    panel.addEventListener('click', ({ target }) => {
      const data = (target as Element).closest<HTMLElement>('[data-do], [data-event]')?.dataset;
      if (data?.do) this.#command(data.do as Command, Number(data.rate));
      else if (data?.event) this.#select(Number(data.event));
    });
    panel.addEventListener('keydown', (event) => {
      const { target, key, ctrlKey, metaKey, altKey } = event;
      if (!(target as Element).matches('table') || ctrlKey || metaKey || altKey || !Object.hasOwn(STEPS, key)) return;
      event.preventDefault();
      const by = STEPS[key];
      if (by) this.#step(by);
      else this.#command('live', 1);
    });
    listenForFiles(panel, this.#options.onFile);
  }
}
