import { find, setText } from '../page.js';
import { describeState, describeTokens } from './plain-words.js';
import type { Session } from './start-session.js';

/** Shows who is logged in and how the session stands, and asks the user what to do when somebody else took the login. */
export class StateView {
  readonly #who = find('#who', HTMLElement);
  readonly #initial = find('#initial', HTMLElement);
  readonly #title = find('#state-title', HTMLElement);
  readonly #detail = find('#state-detail', HTMLElement);
  readonly #displaced = find('#displaced', HTMLElement);
  readonly #displacedText = find('#displaced-text', HTMLElement);

  follow(session: Session): void {
    this.#show(session);
    session.on('snapshot', () => this.#show(session));
  }

  #show({ userId, state, snapshot }: Session): void {
    const { title, detail } = describeState(state);
    document.body.dataset.status = state.status;
    document.title = `${userId}: ${title} · agora-session`;
    setText(this.#who, userId);
    setText(this.#initial, [...userId][0] ?? '');
    setText(this.#title, title);
    setText(this.#detail, state.status === 'connected' ? describeTokens(snapshot.tokens) : detail);
    const displaced = state.status === 'failed' && state.error.code === 'DISPLACED';
    // The text is set last: what appears in an alert is what is read out.
    this.#displaced.hidden = !displaced;
    setText(this.#displacedText, displaced ? `${userId} is now logged in somewhere else.` : '');
  }
}
