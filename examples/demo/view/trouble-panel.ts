import { find, make, setText } from '../page.js';
import { makeTrouble, TROUBLES, type Trouble } from '../troubles.js';
import type { Stage } from './stage.js';

/** The buttons that make trouble, and their keys. */
export class TroublePanel {
  readonly #stage: Stage;
  readonly #note: HTMLElement = find('#trouble-note', HTMLElement);
  readonly #buttons = new Map<Trouble, HTMLButtonElement>();

  constructor(stage: Stage) {
    this.#stage = stage;
    const list = find('#troubles', HTMLElement);
    TROUBLES.forEach((trouble, index) => {
      const button = make('button', trouble.lasts ? 'toggle' : '');
      button.type = 'button';
      button.append(make('kbd', '', String(index + 1)), ` ${trouble.label}`);
      button.addEventListener('click', () => this.#toggle(trouble));
      this.#buttons.set(trouble, button);
      list.append(button);
    });
    addEventListener('keydown', (event) => this.#onKey(event));
    stage.onWorld(() => setText(this.#note, ''));
    stage.onShow(() => this.#show());
  }

  /** The names of those that are on. */
  get lasting(): string[] {
    const { world } = this.#stage;
    return TROUBLES.filter(({ lasts }) => lasts?.isOn(world)).map(({ name }) => name);
  }

  /** Makes the troubles of these names. */
  make(names: readonly string[]): void {
    for (const trouble of TROUBLES) if (names.includes(trouble.name)) this.#toggle(trouble);
  }

  /** Begins a trouble, or ends it; from then on the world is the visitor's, and the story is over. */
  toggle(name: string): void {
    const trouble = TROUBLES.find((one) => one.name === name);
    if (trouble) this.#toggle(trouble);
  }

  #toggle(trouble: Trouble): void {
    const { world, player } = this.#stage;
    player.leaveStory();
    setText(this.#note, makeTrouble(trouble, world));
    this.#stage.show();
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const trouble = TROUBLES[Number(event.key) - 1];
    if (trouble) this.#toggle(trouble);
  }

  #show(): void {
    const { world } = this.#stage;
    for (const [{ lasts }, button] of this.#buttons) {
      if (lasts) button.setAttribute('aria-pressed', String(lasts.isOn(world)));
    }
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type !== 'radio';
}
