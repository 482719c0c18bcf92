import { find, setText } from '../page.js';
import type { Speed } from '../story/player.js';
import type { Stage } from './stage.js';

const SPEEDS: Readonly<Record<string, Speed>> = { story: 'story', '1': 1, '5': 5, '30': 30 };

/** Pause, speed, slow motion, and the sentence that says what is going on. */
export class PlayerControls {
  readonly #stage: Stage;
  readonly #play: HTMLButtonElement = find('#play', HTMLButtonElement);
  readonly #slow: HTMLButtonElement = find('#slow', HTMLButtonElement);
  readonly #caption: HTMLElement = find('#caption', HTMLElement);
  readonly #speeds: readonly HTMLInputElement[] = [...document.querySelectorAll<HTMLInputElement>('#speed input')];

  constructor(stage: Stage) {
    this.#stage = stage;
    this.#play.addEventListener('click', () => this.#togglePause());
    this.#slow.addEventListener('click', () => {
      stage.player.isSlow = !stage.player.isSlow;
      stage.show();
    });
    find('#again', HTMLButtonElement).addEventListener('click', () => stage.again());
    for (const input of this.#speeds) {
      input.addEventListener('change', () => {
        stage.player.speed = SPEEDS[input.value] ?? 'story';
        stage.show();
      });
    }
    addEventListener('keydown', (event) => {
      if (event.key !== ' ' || event.target !== document.body) return;
      event.preventDefault();
      this.#togglePause();
    });
    stage.onShow(() => this.#show());
  }

  #togglePause(): void {
    const { player } = this.#stage;
    player.isPaused = !player.isPaused;
    this.#stage.show();
  }

  #show(): void {
    const { player } = this.#stage;
    setText(this.#play, player.isPaused ? 'Play' : 'Pause');
    this.#slow.setAttribute('aria-pressed', String(player.isSlow));
    for (const input of this.#speeds) input.checked = SPEEDS[input.value] === player.speed;
    setText(this.#caption, player.says);
  }
}
