import { find, setText } from '../page.js';
import { describeState } from './plain-words.js';
import type { Session } from './start-session.js';

const DENIED = 'The token server denied a new token. The login ends when this one lapses.';

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
    // A denial does not end the login at once, so the state alone does not tell of it.
    const denied = snapshot.tokens.some(({ target, status }) => target.kind === 'signaling' && status === 'denied');
    document.body.dataset.status = state.status;
    document.title = `${userId}: ${title} · agora-session`;
    setText(this.#who, userId);
    setText(this.#initial, [...userId][0] ?? '');
    setText(this.#title, title);
    setText(this.#detail, denied && state.status === 'connected' ? DENIED : detail);
    const displaced = state.status === 'failed' && state.error.code === 'DISPLACED';
    // The text is set last: what appears in an alert is what is read out.
    this.#displaced.hidden = !displaced;
    setText(this.#displacedText, displaced ? `${userId} is now logged in somewhere else.` : '');
  }
}
