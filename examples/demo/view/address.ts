import type { Speed } from '../story/player.js';
import type { Stage } from './stage.js';
import type { TroublePanel } from './trouble-panel.js';

const SPEEDS: Readonly<Record<string, Speed>> = { '1': 1, '5': 5, '30': 30 };

/** What the page's address says, so that it can be shared: the speed, and the troubles that last. */
export class Address {
  readonly #search: URLSearchParams;
  #kept: string | null = null;

  constructor(search: string) {
    this.#search = new URLSearchParams(search);
  }

  /** Sets the world as the address has it. */
  apply(stage: Stage, troubles: TroublePanel): void {
    stage.player.speed = SPEEDS[this.#search.get('speed') ?? ''] ?? 'story';
    const named = (this.#search.get('trouble') ?? '').split(',').filter(Boolean);
    if (named.length > 0) troubles.make(named);
  }

  /** Writes the address of the page as it stands, where it has changed: browsers count writes, and WebKit throws from the 101st in ten seconds on. */
  keep(stage: Stage, troubles: TroublePanel): void {
    const address = this.#of(stage, troubles);
    if (address === this.#kept) return;
    this.#kept = address;
    history.replaceState(null, '', address);
  }

  #of(stage: Stage, troubles: TroublePanel): string {
    const search = new URLSearchParams();
    if (this.#search.has('story')) search.set('story', '');
    if (stage.player.speed !== 'story') search.set('speed', String(stage.player.speed));
    if (troubles.lasting.length > 0) search.set('trouble', troubles.lasting.join(','));
    return `${location.pathname}${search.size > 0 ? `?${search}` : ''}`;
  }
}
