import type { PanelClock } from './browser-clock.js';
import type { InspectedSession } from './follow-session.js';
import { Panel } from './panel.js';
import type { SessionRecorder } from './recorder.js';
import { type Recording, readRecording } from './recording.js';
import { Replay } from './replay.js';
import { type Shown, Source } from './source.js';
import type { Lane } from './timeline.js';

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
 * Its looks follow `color-scheme`, and the custom properties `--agora-devtools-page`, `-text`, `-accent`, `-font`, `-mono` and
 * `-lanes-height`. It tells by `select` that an event was chosen (`detail` is the recorded event, or null), and by `ratechange` that
 * somebody asked for another speed.
 */
export class AgoraSessionDevtools extends Base {
  readonly #source: Source;
  readonly #panel: Panel;

  constructor() {
    super();
    this.#source = new Source(() => this.#panel.request());
    this.#panel = new Panel(this, this.#source);
  }

  connectedCallback(): void {
    this.#source.follow(true);
    this.#panel.start();
  }

  disconnectedCallback(): void {
    this.#source.follow(false);
    this.#panel.stop();
  }

  /** The session that is shown; null: none. Kept are the last 10,000 events that it tells, from the latest hundred before on. */
  get session(): InspectedSession | null {
    return this.#source.shown.session;
  }

  set session(session: InspectedSession | null) {
    this.#show({ session });
  }

  /** Where the session's option `inspect` leads, if it does; then what happened before the panel was there is shown, too. */
  get recorder(): SessionRecorder | null {
    return this.#source.shown.recorder;
  }

  set recorder(recorder: SessionRecorder | null) {
    this.#show({ recorder });
  }

  /** The session's clock, by which the picture moves as well. Default: the browser's. */
  get clock(): PanelClock {
    return this.#source.shown.clock;
  }

  set clock(clock: PanelClock) {
    this.#show({ clock });
  }

  /**
   * What is shown, as data that is safe to paste. Set to a recording (or its JSON) it shows that; set to null, the session again.
   *
   * @throws TypeError where it is none
   */
  get recording(): Recording {
    return this.#source.recording;
  }

  set recording(recording: unknown) {
    this.#source.replay = recording === null ? null : new Replay(readRecording(recording));
    this.#panel.reset();
  }

  /** How fast the session's time runs, 1 where it is the world's. The page that owns the clock changes it on `ratechange`. */
  get rate(): number {
    return this.#panel.rate;
  }

  set rate(rate: number) {
    this.#set({ rate });
  }

  /** The speeds that are offered; none where nobody owns the clock. A recording has its own. */
  get rates(): readonly number[] {
    return this.#panel.rates;
  }

  set rates(rates: readonly number[]) {
    this.#set({ rates });
  }

  /** Lanes of the page's own, below the others. Set it anew when they change. */
  get extraLanes(): readonly Lane[] {
    return this.#panel.extraLanes;
  }

  set extraLanes(extraLanes: readonly Lane[]) {
    this.#set({ extraLanes });
  }

  #show(change: Partial<Shown>): void {
    this.#source.show(change);
    this.#panel.reset();
  }

  #set(change: Partial<Pick<Panel, 'rate' | 'rates' | 'extraLanes'>>): void {
    Object.assign(this.#panel, change);
    this.#panel.request();
  }
}
