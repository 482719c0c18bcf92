import { EventLog } from './event-log.js';
import { EventTable, TABLE } from './event-table.js';
import { followSession, type InspectedSession } from './follow-session.js';
import { FrameLoop } from './frame-loop.js';
import { Markup, markup, part, show } from './markup.js';
import { PLOT, Plot } from './plot.js';
import type { PlotAction } from './plot-input.js';
import type { SessionRecorder } from './recorder.js';
import { type Recording, readRecording, recordingOf } from './recording.js';
import { Replay } from './replay.js';
import { STYLES } from './styles.js';
import type { Lane } from './timeline.js';
import { type Command, showToolbar, TOOLBAR } from './toolbar.js';
import { whyOf } from './why.js';
import { TimeWindow } from './window.js';

const LIMIT = 10_000;
const REPLAY_RATES: readonly number[] = [1, 10, 100];
const ZOOM_STEP = 1.5;

const PANEL = markup`<style>${new Markup(STYLES)}</style><section class="panel" part="panel" aria-label="Session over time"><header part="toolbar">${TOOLBAR}</header><p class="error" role="alert" hidden></p><div class="stage" part="timeline">${PLOT}</div><div class="below"><section class="events" part="events">${TABLE}</section><section class="why" part="why"><h3>Why</h3><div class="scroll" aria-live="polite"></div></section></div></section>`;

/** On a server there are no elements; there this module can be imported all the same. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

/**
 * `<agora-session-devtools>`: shows a session over time, and says why it did what it did.
 *
 * ```ts
 * import 'agora-session/devtools';
 *
 * const panel = document.createElement('agora-session-devtools');
 * panel.session = session;
 * document.body.append(panel);
 * ```
 *
 * Its colours follow `color-scheme` and the custom properties `--agora-devtools-*`. It tells by `select` that an event was chosen
 * (`detail` is the recorded event, or null), and by `ratechange` that somebody asked for another speed.
 */
export class AgoraSessionDevtools extends Base {
  /** The session's time, milliseconds since the epoch. A page whose session has a clock of its own gives that clock's. */
  now: () => number = Date.now;
  readonly #window = new TimeWindow();
  readonly #root: ShadowRoot;
  readonly #plot: Plot;
  readonly #table: EventTable;
  readonly #loop = new FrameLoop((passedMs) => this.#draw(passedMs));
  #log = new EventLog(LIMIT);
  #session: InspectedSession | null = null;
  #recorder: SessionRecorder | null = null;
  #replay: Replay | null = null;
  #unfollow: () => void = () => {};
  #unsubscribe: () => void = () => {};
  #drawnLog: EventLog | null = null;
  /** Counts from the first event ever, since old ones are dropped. */
  #selected: number | null = null;
  #extraLanes: readonly Lane[] = [];
  #rate = 1;
  #rates: readonly number[] = [];
  #news = true;

  constructor() {
    super();
    this.#root = this.attachShadow({ mode: 'open' });
    this.#root.innerHTML = PANEL.text;
    this.#plot = new Plot(part(this.#root, '.stage'), (action) => this.#act(action));
    this.#table = new EventTable(part(this.#root, '.events'));
    this.#listen();
  }

  connectedCallback(): void {
    this.#follow();
    this.#loop.start(this);
  }

  disconnectedCallback(): void {
    this.#unfollow();
    this.#unfollow = () => {};
    this.#unsubscribe();
    this.#unsubscribe = () => {};
    this.#loop.stop();
  }

  /** The session that is shown; null: none. What it tells from then on is kept, the last 10,000 events of it. */
  get session(): InspectedSession | null {
    return this.#session;
  }

  set session(session: InspectedSession | null) {
    if (session === this.#session) return;
    this.#session = session;
    this.#replay = null;
    if (!this.#recorder) this.#log = new EventLog(LIMIT);
    this.#restart();
  }

  /** Where the session's option `inspect` leads, if it does; then decisions and requests are shown as well, and what was before. */
  get recorder(): SessionRecorder | null {
    return this.#recorder;
  }

  set recorder(recorder: SessionRecorder | null) {
    if (recorder === this.#recorder) return;
    this.#recorder = recorder;
    this.#replay = null;
    this.#log = recorder?.log ?? new EventLog(LIMIT);
    this.#restart();
  }

  /**
   * What is shown, as data that is safe to paste. Set to a recording (or its JSON) it shows that; set to null, the session again.
   *
   * @throws TypeError where it is none
   */
  get recording(): Recording {
    const { events } = this.#current;
    return this.#replay?.recording ?? recordingOf(events, { userId: this.#session?.userId ?? '', until: this.#time });
  }

  set recording(recording: unknown) {
    this.#replay = recording === null ? null : new Replay(readRecording(recording));
    this.#restart();
  }

  /** How fast the session's time runs, 1 where it is the world's. The page that owns the clock changes it on `ratechange`. */
  get rate(): number {
    return this.#rate;
  }

  set rate(rate: number) {
    this.#rate = rate;
    this.#invalidate();
  }

  /** The speeds that are offered; none where nobody owns the clock. A recording has its own. */
  get rates(): readonly number[] {
    return this.#rates;
  }

  set rates(rates: readonly number[]) {
    this.#rates = [...rates];
    this.#invalidate();
  }

  /** Lanes of the page's own, below the others. Set it anew when they change. */
  get extraLanes(): readonly Lane[] {
    return this.#extraLanes;
  }

  set extraLanes(lanes: readonly Lane[]) {
    this.#extraLanes = [...lanes];
    this.#invalidate();
  }

  /** How much time is in view, in milliseconds. */
  get spanMs(): number {
    return this.#window.spanMs(this.#current.timeline, this.#time);
  }

  set spanMs(ms: number) {
    if (!(ms > 0)) throw new TypeError('spanMs must be a number of milliseconds above 0.');
    this.#window.chooseSpan(ms);
    this.#invalidate();
  }

  get #current(): EventLog {
    return this.#replay?.log ?? this.#log;
  }

  get #time(): number {
    return this.#replay?.now ?? this.now();
  }

  /** Shows something else. */
  #restart(): void {
    this.#selected = null;
    this.#window.follow();
    this.#showError('');
    if (this.isConnected) this.#follow();
  }

  #follow(): void {
    this.#unfollow();
    this.#unfollow = () => {};
    if (this.#session) {
      const options = { log: this.#log, now: () => this.now(), isInspected: this.#recorder !== null };
      this.#unfollow = followSession(this.#session, options);
    }
    this.#invalidate();
  }

  #watch(log: EventLog): void {
    if (log === this.#drawnLog) return;
    this.#unsubscribe();
    this.#drawnLog = log;
    this.#unsubscribe = log.subscribe(() => this.#invalidate());
  }

  #invalidate(): void {
    this.#news = true;
    this.#loop.request();
  }

  #draw(passedMs: number): void {
    const replay = this.#replay;
    const told = replay?.log.events.length;
    replay?.advance(passedMs * this.#rate);
    const log = this.#current;
    if (replay && (told !== log.events.length || log !== this.#drawnLog)) this.#news = true;
    this.#watch(log);
    const now = this.#time;
    const { timeline, events } = log;
    const { width } = this.#plot;
    const view = this.#window.view({ timeline, now, width });
    const selected = this.#selectedIn(log);
    this.#plot.show({ lanes: [...timeline.lanes, ...this.#extraLanes], events, view, now, selected });
    this.#showToolbar(view.to - view.from);
    if (this.#news) {
      this.#news = false;
      this.#table.show(log);
      show(part(this.#root, '.why .scroll'), whyOf(events, selected));
    }
    const isMoving = replay ? replay.isPlaying : this.#session !== null;
    this.#loop.pace(isMoving ? (width / (view.to - view.from)) * this.#rate : 0);
  }

  #showToolbar(spanMs: number): void {
    const lane = this.#current.timeline.lanes.find(({ kind }) => kind === 'state');
    const state = lane?.spans.at(-1);
    showToolbar(part(this.#root, 'header'), {
      label: state?.label ?? 'nothing yet',
      tone: state?.tone ?? 'quiet',
      userId: (this.#replay ? this.#replay.recording.userId : this.#session?.userId) ?? '',
      spanMs,
      isLive: this.#window.isLive,
      rate: this.#rate,
      rates: this.#replay ? REPLAY_RATES : this.#rates,
      isPlaying: this.#replay?.isPlaying ?? null,
    });
  }

  #selectedIn(log: EventLog): number | null {
    if (this.#selected === null) return null;
    const index = this.#selected - log.dropped;
    return index >= 0 && index < log.events.length ? index : null;
  }

  #select(index: number | null): void {
    const log = this.#current;
    const event = index === null ? null : (log.events[index] ?? null);
    this.#selected = event === null || index === null ? null : index + log.dropped;
    if (event) this.#window.reveal(event.at, this.#sight);
    this.#invalidate();
    this.#loop.now();
    this.#table.select(event && index);
    this.dispatchEvent(new CustomEvent('select', { detail: event }));
  }

  get #sight(): { timeline: EventLog['timeline']; now: number; width: number } {
    return { timeline: this.#current.timeline, now: this.#time, width: this.#plot.width };
  }

  #act(action: PlotAction): void {
    if (action.do === 'select') this.#select(action.event);
    else if (action.do === 'step') this.#step(action.by);
    else if (action.do === 'first') this.#select(this.#current.shown[0] ?? null);
    else if (action.do === 'last') this.#command('live');
    else if (action.do === 'move') this.#window.moveBy(action.ms, this.#sight);
    else if (action.do === 'zoom') this.#window.zoom(action.factor, action.at, this.#sight);
    this.#loop.request();
  }

  #step(by: number): void {
    const log = this.#current;
    const selected = this.#selectedIn(log);
    const last = log.shown.length - 1;
    const from = selected === null ? last + (by < 0 ? 1 : 0) : log.shown.indexOf(selected);
    this.#select(log.shown[Math.min(last, Math.max(0, from + by))] ?? null);
  }

  #command(command: Command, rate: number = 1): void {
    const now = this.#time;
    switch (command) {
      case 'live':
        this.#select(null);
        this.#window.follow();
        break;
      case 'all':
        this.#window.showAll(this.#current.timeline, now);
        break;
      case 'in':
        this.#window.zoom(1 / ZOOM_STEP, now, this.#sight);
        break;
      case 'out':
        this.#window.zoom(ZOOM_STEP, now, this.#sight);
        break;
      case 'rate':
        this.#rate = rate;
        this.dispatchEvent(new Event('ratechange'));
        break;
      case 'play':
        this.#replay?.toggle();
        this.#window.follow();
        break;
      case 'export':
        save(this.recording);
        break;
      case 'open':
        part(this.#root, 'input').click();
    }
    this.#loop.request();
  }

  async #open(file: File | undefined): Promise<void> {
    if (!file) return;
    try {
      this.recording = await file.text();
    } catch (error) {
      this.#showError(error instanceof TypeError ? error.message : 'The file could not be read.');
    }
  }

  #showError(message: string): void {
    const error = part(this.#root, '.error');
    error.textContent = message;
    error.hidden = message === '';
  }

  #listen(): void {
    const panel = part(this.#root, '.panel');
    panel.addEventListener('click', ({ target }) => {
      const {
        do: command,
        rate,
        event,
      } = (target as Element).closest<HTMLElement>('[data-do], [data-event]')?.dataset ?? {};
      if (command) this.#command(command as Command, Number(rate));
      else if (event) this.#select(Number(event));
    });
    panel.addEventListener('keydown', (event) => {
      const row = (event.target as Element).closest<HTMLElement>('tr[data-event]');
      const next = row && this.#table.placeAfter(event.key, Number(row.dataset.event));
      if (next === null) return;
      event.preventDefault();
      this.#select(next);
    });
    const input = part<HTMLInputElement>(panel, 'input');
    input.addEventListener('change', () => {
      void this.#open(input.files?.[0]);
      input.value = '';
    });
    panel.addEventListener('dragover', (event) => event.preventDefault());
    panel.addEventListener('drop', (event) => {
      event.preventDefault();
      void this.#open(event.dataTransfer?.files[0]);
    });
  }
}

function save(recording: Recording): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(recording, null, 1)], { type: 'application/json' }));
  const name = `agora-session-${new Date(recording.until).toISOString().slice(0, 19).replaceAll(':', '-')}.json`;
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
