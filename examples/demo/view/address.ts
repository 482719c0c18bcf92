import type { Speed } from '../story/player.js';
import type { Stage } from './stage.js';
import type { TroublePanel } from './trouble-panel.js';

const SPEEDS: Readonly<Record<string, Speed>> = { '1': 1, '5': 5, '30': 30 };

/** What the page's address says, so that it can be shared: the speed, and the troubles that last. */
export class Address {
  readonly #search: URLSearchParams;

  constructor(search: string) {
    this.#search = new URLSearchParams(search);
  }

  /** Sets the world as the address has it. */
  apply(stage: Stage, troubles: TroublePanel): void {
    stage.player.speed = SPEEDS[this.#search.get('speed') ?? ''] ?? 'story';
    const named = (this.#search.get('trouble') ?? '').split(',').filter(Boolean);
    if (named.length > 0) troubles.make(named);
  }

  /** The address of the page as it stands. */
  of(stage: Stage, troubles: TroublePanel): string {
    const search = new URLSearchParams();
    if (this.#search.has('story')) search.set('story', '');
    if (stage.player.speed !== 'story') search.set('speed', String(stage.player.speed));
    if (troubles.lasting.length > 0) search.set('trouble', troubles.lasting.join(','));
    return `${location.pathname}${search.size > 0 ? `?${search}` : ''}`;
  }
}
