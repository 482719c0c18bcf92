import type { DevConfig } from '../../../src/dev-backend/index.js';
import { span } from '../durations.js';
import { find, make } from '../page.js';
import type { Session } from './start-session.js';

const LIVES = [30, 120, 3600];
const RENEWABLE = new Set(['connected', 'reconnecting', 'recovering']);

/** What the form can be asked to do. */
export interface LoginActions {
  logIn(userName: string): void;
  logOut(): void;
  renew(): void;
}

/** The user's name, the life of the tokens to come, and the buttons for login, logout and renewal. */
export class LoginForm {
  readonly #user = find('#user', HTMLInputElement);
  readonly #life = find('#life', HTMLSelectElement);
  readonly #logIn = find('#log-in', HTMLButtonElement);
  readonly #logOut = find('#log-out', HTMLButtonElement);
  readonly #renew = find('#renew', HTMLButtonElement);

  constructor({ expiresInSeconds }: DevConfig, actions: LoginActions) {
    for (const seconds of [...new Set([...LIVES, expiresInSeconds])].sort((a, b) => a - b)) {
      const option = make('option', '', span(seconds));
      option.value = String(seconds);
      option.selected = seconds === expiresInSeconds;
      this.#life.append(option);
    }
    find('#login-form', HTMLFormElement).addEventListener('submit', (event) => {
      event.preventDefault();
      actions.logIn(this.#user.value.trim());
    });
    this.#user.addEventListener('input', () => this.#user.setCustomValidity(''));
    this.#logOut.addEventListener('click', () => actions.logOut());
    this.#renew.addEventListener('click', () => actions.renew());
    find('#use-here', HTMLButtonElement).addEventListener('click', () => actions.logIn(this.#user.value.trim()));
  }

  /** How long the next token is to live. */
  get lifeSeconds(): number {
    return Number(this.#life.value);
  }

  follow(session: Session): void {
    this.#user.value = session.userId;
    session.on('state', () => this.#update(session));
    this.#update(session);
  }

  /** Says at the field what is wrong with the user name. */
  refuse(reason: string): void {
    this.#user.setCustomValidity(reason);
    this.#user.reportValidity();
  }

  #update({ state: { status } }: Session): void {
    const out = status === 'idle' || status === 'failed';
    this.#user.disabled = !out;
    this.#logIn.disabled = !out;
    this.#logOut.disabled = out;
    this.#renew.disabled = !RENEWABLE.has(status);
  }
}
