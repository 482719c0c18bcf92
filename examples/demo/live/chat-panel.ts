import { find, make, setText } from '../page.js';
import { describeError } from './plain-words.js';

/** A page that is left open for days must not grow. */
const MOST_MESSAGES = 100;

/** Messages and a field to write one. Where they go and come from is the business of `lobby.ts` and `stage.ts`. */
export class ChatPanel {
  readonly #scroller: HTMLElement;
  readonly #messages: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #people: HTMLElement;
  readonly #note: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #button: HTMLButtonElement;
  readonly #send: (text: string) => Promise<void>;
  #enabled = false;
  #sending = false;

  /** @param send resolves when the message is out, which is when it is shown here: Signaling does not return one's own. */
  constructor(panel: HTMLElement, send: (text: string) => Promise<void>) {
    this.#scroller = find('.messages', HTMLElement, panel);
    this.#messages = find('ol', HTMLElement, this.#scroller);
    this.#empty = find('.messages-empty', HTMLElement, panel);
    this.#people = find('.people', HTMLElement, panel);
    this.#note = find('.chat-note', HTMLElement, panel);
    this.#input = find('input', HTMLInputElement, panel);
    this.#button = find('.send', HTMLButtonElement, panel);
    this.#send = send;
    find('form', HTMLFormElement, panel).addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  /** @param hint what an empty panel says */
  enable(enabled: boolean, hint: string): void {
    this.#enabled = enabled;
    this.#input.disabled = !enabled;
    setText(this.#empty, hint);
    this.#update();
  }

  /** Says who else is there. */
  introduce(people: string): void {
    setText(this.#people, people);
  }

  show(from: string, text: string, own: boolean = false): void {
    const message = make('li', own ? 'message own' : 'message');
    message.append(make('span', 'message-from', own ? `${from} (you)` : from), make('p', 'message-text', text));
    this.#messages.append(message);
    while (this.#messages.childElementCount > MOST_MESSAGES) this.#messages.firstElementChild?.remove();
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  clear(): void {
    this.#messages.replaceChildren();
    setText(this.#note, '');
  }

  async #submit(): Promise<void> {
    const text = this.#input.value.trim();
    if (text === '' || this.#sending || !this.#enabled) return;
    this.#sending = true;
    this.#update();
    setText(this.#note, '');
    try {
      await this.#send(text);
      if (this.#input.value.trim() === text) this.#input.value = '';
    } catch (error) {
      // The text stays in its field, to be sent again.
      setText(this.#note, `Not sent. ${describeError(error)}`);
    } finally {
      this.#sending = false;
      this.#update();
    }
  }

  #update(): void {
    this.#button.disabled = !this.#enabled || this.#sending;
  }
}
