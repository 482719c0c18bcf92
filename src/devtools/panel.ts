import { EventTable, TABLE } from './event-table.js';
import { FrameLoop } from './frame-loop.js';
import { Markup, markup, part, show } from './markup.js';
import { PLOT, Plot } from './plot.js';
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

const PANEL = markup`<style>${new Markup(STYLES)}</style><section class="panel" aria-label="Session over time"><header>${TOOLBAR}</header><p class="error" role="alert"></p><div class="stage">${PLOT}</div><div class="below"><section class="events">${TABLE}</section><section class="why"><h3>Why</h3><div class="scroll" aria-live="polite" tabindex="0"></div></section></div></section>`;

/** Draws a source, and does what somebody asks for. */
export class Panel {
  rate = 1;
  rates: readonly number[] = [];
  extraLanes: readonly Lane[] = [];
  readonly #root: ShadowRoot;
  readonly #host: HTMLElement & { recording: unknown };
  readonly #source: Source;
  readonly #plot: Plot;
  readonly #table: EventTable;
  readonly #loop = new FrameLoop((at) => this.#draw(at));
  readonly #window = new TimeWindow(() => {
    const { log, now } = this.#source;
    return { timeline: log.timeline, now, width: this.#plot.width };
  });
  /** Counts from the first event ever, since old ones are dropped; -1: none. */
  #selected = -1;
  #reveals = false;

  /** @param host is what the panel draws itself into, and tells its events by */
  constructor(host: HTMLElement & { recording: unknown }, source: Source) {
    const root = host.attachShadow({ mode: 'open' });
    this.#root = root;
    this.#host = host;
    this.#source = source;
    root.innerHTML = PANEL.text;
    this.#plot = new Plot(part(root, '.stage'), {
      window: this.#window,
      onChange: () => this.request(),
    });
    this.#table = new EventTable(part(root, '.events'), () => this.request());
    this.#listen(part(root, '.panel'));
  }

  start(): void {
    this.#loop.start(this.#host);
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
    this.#selected = -1;
    this.#window.follow();
    this.request();
  }

  /** Where in the log that stands which is selected; below zero: none. */
  get #place(): number {
    return this.#selected - this.#source.log.dropped;
  }

  #draw(at: number): void {
    const source = this.#source;
    const { replay } = source;
    const { rate } = this;
    replay?.run(at, rate);
    const { log, now } = source;
    const { timeline, events } = log;
    const { view } = this.#window;
    const selected = this.#place;
    this.#table.show(log, selected, this.#reveals);
    this.#plot.show({ lanes: [...timeline.lanes, ...this.extraLanes], events, view, now, selected });
    this.#reveals = false;
    show(part(this.#root, '.why .scroll'), whyOf(events, selected));
    showToolbar(part(this.#root, 'header'), {
      state: timeline.lanes.find(({ kind }) => kind === 'state')?.spans.at(-1),
      userId: source.userId,
      spanMs: view.to - view.from,
      isLive: this.#window.isLive,
      rate,
      rates: replay ? REPLAY_RATES : this.rates,
      isPlaying: replay?.isPlaying ?? null,
    });
    if (!(replay ? replay.isPlaying : source.shown.session)) return;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const stepMs = ((view.to - view.from) / view.width / rate) * SMALLEST_STEP_PX;
    const waitMs = Math.max(0, (isCalm ? CALM_MS : Math.min(SLOWEST_MS, stepMs)) - FRAME_MS);
    this.#loop.pace(source.clock, replay ? waitMs : waitMs * rate);
  }

  #select(place: number): void {
    const { events, dropped } = this.#source.log;
    const event = events[place];
    this.#selected = event ? place + dropped : -1;
    this.#reveals = true;
    if (event) this.#window.reveal(event.at);
    this.request();
    this.#tell('select', event ?? null);
  }

  /** Back to the present, with nothing selected. */
  #follow(): void {
    this.#window.follow();
    this.#select(-1);
  }

  /** Selects the event that is so many further in the table. */
  #step(by: number): void {
    const { shown } = this.#source.log;
    const place = this.#place;
    const last = shown.length - 1;
    const from = place < 0 ? last + (by < 0 ? 1 : 0) : shown.indexOf(place);
    this.#select(shown[Math.min(last, Math.max(0, from + by))] ?? -1);
  }

  #command(command: Command, rate: number): void {
    const source = this.#source;
    const commands: Readonly<Record<Command, () => void>> = {
      go: () => {
        source.replay?.toggle();
        this.#follow();
      },
      all: () => this.#window.showAll(),
      in: () => this.#window.zoom(1 / ZOOM_STEP, source.now),
      out: () => this.#window.zoom(ZOOM_STEP, source.now),
      rate: () => {
        this.rate = rate;
        this.#tell('ratechange', rate);
      },
      export: () => saveRecording(source.recording),
      open: () => part(this.#root, 'input').click(),
    };
    commands[command]();
    this.request();
  }

  #tell(name: string, detail: unknown): void {
    this.#host.dispatchEvent(new CustomEvent(name, { detail }));
  }

  #listen(panel: HTMLElement): void {
    panel.addEventListener('click', ({ target }) => {
      const data = (target as Element).closest<HTMLElement>('[data-do], [data-event]')?.dataset;
      if (data?.do) this.#command(data.do as Command, Number(data.rate));
      else if (data?.event) this.#select(Number(data.event));
    });
    panel.addEventListener('keydown', (event) => {
      const { target, key, ctrlKey, metaKey, altKey } = event;
      const by = STEPS[key];
      if (!(target as Element).matches('table') || ctrlKey || metaKey || altKey || by === undefined) return;
      event.preventDefault();
      if (by) this.#step(by);
      else this.#follow();
    });
    listenForFiles(panel, (text) => {
      this.#host.recording = text;
    });
  }
}
