import { timeOf } from '../durations.js';
import { make } from '../page.js';
import {
  describeChannel,
  describeRenewal,
  describeRestored,
  describeState,
  describeTokenError,
} from './plain-words.js';
import type { Session } from './start-session.js';

/** What an entry is about, for its colour. */
export type LogKind = 'good' | 'busy' | 'bad' | 'token' | 'plain' | 'you';

/** A page that is left open for days must not grow. */
const MOST_ENTRIES = 200;

/** A list of what happened, the newest on top. */
export class EventLog {
  readonly #list: HTMLElement;

  constructor(list: HTMLElement) {
    this.#list = list;
  }

  add(kind: LogKind, text: string): void {
    const entry = make('li', 'entry');
    entry.dataset.kind = kind;
    entry.append(make('time', 'entry-time', timeOf(Date.now())), make('span', 'entry-text', text));
    this.#list.prepend(entry);
    while (this.#list.childElementCount > MOST_ENTRIES) this.#list.lastElementChild?.remove();
  }

  /** Writes down everything that a session tells. */
  follow(session: Session): void {
    session.on('state', (state) => {
      const { title, detail } = describeState(state);
      if (state.status === 'idle') this.add('plain', 'Logged out.');
      else if (state.status === 'connected') this.add('good', `Connected as ${session.userId}.`);
      else if (state.status === 'failed') this.add('bad', `${title} (${state.error.code}). ${detail}`);
      else this.add('busy', `${title}. ${detail}`);
    });
    session.on('tokenRenewed', (event) => this.add('token', describeRenewal(event)));
    session.on('tokenError', (event) => this.add('bad', describeTokenError(event)));
    session.on('channel', ({ channelName, state }) => {
      this.add(state.status === 'failed' ? 'bad' : 'plain', describeChannel(channelName, state));
    });
    session.on('restored', (event) => this.add('good', describeRestored(event)));
  }
}
