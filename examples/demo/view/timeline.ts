import { emptyLane, type Lane, type Tone } from 'agora-session/devtools';
import { find } from '../page.js';
import type { World } from '../world/world.js';
import type { Stage } from './stage.js';
import { byHandWords, type Mood } from './words.js';

const TONES: Readonly<Record<Mood, Tone>> = { good: 'good', busy: 'busy', bad: 'bad', off: 'quiet' };

/** The lanes of alice's session, as `agora-session/devtools` draws any session, and those of carol's page for comparison. */
export class Timeline {
  readonly #panel = document.createElement('agora-session-devtools');
  #lanes: readonly Lane[] = [];

  constructor(stage: Stage) {
    find('#timeline', HTMLElement).append(this.#panel);
    stage.onWorld((world) => this.#follow(world));
    stage.onShow(() => {
      this.#panel.rate = stage.player.rate;
    });
  }

  #follow(world: World): void {
    const panel = this.#panel;
    panel.clock = world.clock;
    panel.recorder = world.recorder;
    panel.session = world.alice;
    const page = emptyLane('extra', 'carol, by hand');
    const requests = emptyLane('extra', 'her requests');
    this.#lanes = [page, requests];
    panel.extraLanes = this.#lanes;
    this.#showPage(page, world);
    world.watch((happening) => {
      if (happening.is === 'by-hand') this.#showPage(page, world);
    });
    world.traffic.watch(({ to, kind }) => {
      if (to !== 'byHand' || (kind !== 'tokens' && kind !== 'refusal')) return;
      const [tone, label] = kind === 'tokens' ? (['good', 'a token'] as const) : (['bad', 'refused'] as const);
      const at = world.clock.now();
      requests.marks.push({ at, since: at, nextAt: null, shape: 'dot', tone, label, event: null });
      panel.extraLanes = this.#lanes;
    });
  }

  /** A span for what carol's page is at from now on. */
  #showPage(lane: Lane, world: World): void {
    const now = world.clock.now();
    const last = lane.spans.at(-1);
    if (last) last.to = now;
    const { mood, text } = byHandWords(world.byHandState);
    lane.spans.push({ from: now, to: null, tone: TONES[mood], label: text, event: null });
    this.#panel.extraLanes = this.#lanes;
  }
}
