import { find } from '../page.js';
import { control } from './backend.js';
import type { EventLog } from './event-log.js';
import { describeError } from './plain-words.js';
import type { Session } from './start-session.js';
import { REMEDIES, TROUBLES, type Trouble } from './troubles.js';

/** The buttons that make trouble. They need the local Signaling: Agora takes no such orders. */
export class Controls {
  readonly #log: EventLog;
  readonly #buttons = new Map<HTMLButtonElement, Trouble>();
  #session: Session | null = null;

  constructor(log: EventLog) {
    this.#log = log;
    find('#trouble', HTMLElement).hidden = false;
    for (const [id, trouble] of Object.entries(TROUBLES)) {
      const button = find(`#${id}`, HTMLButtonElement);
      this.#buttons.set(button, trouble);
      button.addEventListener('click', () => void this.#press(button, trouble));
    }
  }

  follow(session: Session): void {
    this.#session = session;
    session.on('snapshot', () => this.#update());
    // The server remembers a user's troubles, and a page that was opened anew knows of none.
    for (const action of REMEDIES) void control(action, session.userId);
    for (const [button, { end }] of this.#buttons) if (end) button.ariaPressed = 'false';
    this.#update();
  }

  async #press(button: HTMLButtonElement, trouble: Trouble): Promise<void> {
    const userId = this.#session?.userId;
    if (userId === undefined) return;
    const { start, started, end, ended, channelName } = trouble;
    const ending = button.ariaPressed === 'true';
    this.#log.add('you', ending && ended ? ended : started);
    try {
      await control(ending && end ? end : start, userId, channelName);
      if (end) button.ariaPressed = String(!ending);
    } catch (error) {
      this.#log.add('bad', describeError(error));
    }
    this.#update();
  }

  #update(): void {
    const snapshot = this.#session?.snapshot;
    if (!snapshot) return;
    for (const [button, { needs }] of this.#buttons) {
      button.disabled = button.ariaPressed !== 'true' && needs !== undefined && !needs(snapshot);
    }
  }
}
