import { find, setText } from '../page.js';
import { CODE } from './code.js';

/** The drawer with the code that this page needs. */
export class CodeDrawer {
  readonly #drawer: HTMLElement = find('#code', HTMLElement);
  readonly #opener: HTMLButtonElement = find('#show-code', HTMLButtonElement);

  constructor() {
    setText(find('code', HTMLElement, this.#drawer), CODE);
    this.#opener.addEventListener('click', () => this.#open(this.#drawer.hidden === true));
    const close = find('#close-code', HTMLButtonElement);
    close.addEventListener('click', () => this.#open(false));
    this.#drawer.addEventListener('keydown', ({ key }) => {
      if (key === 'Escape') this.#open(false);
    });
    const copy = find('#copy-code', HTMLButtonElement);
    copy.addEventListener('click', () => {
      navigator.clipboard.writeText(CODE).then(
        () => setText(copy, 'Copied'),
        () => setText(copy, 'The browser refused; select the text instead'),
      );
    });
  }

  #open(open: boolean): void {
    this.#drawer.hidden = !open;
    this.#opener.setAttribute('aria-expanded', String(open));
    // The focus never falls to the body.
    (open ? find('#close-code', HTMLButtonElement) : this.#opener).focus();
  }
}
