import { ChatPanel } from './chat-panel.js';
import { find } from './page.js';
import type { Session } from './start-session.js';

const LOBBY = 'lobby';

/** The chat in a message channel: subscribe once, publish with the SDK's own client. */
export class Lobby {
  readonly #panel: ChatPanel;
  #session: Session | null = null;

  constructor() {
    this.#panel = new ChatPanel(find('#lobby', HTMLElement), (text) => this.#publish(text));
  }

  follow(session: Session): void {
    this.#session = session;
    this.#panel.clear();
    // Listening before the login is fine, and once is enough: the session forwards the events of every client that it logs in.
    session.on('message', ({ channelName, channelType, publisher, message }) => {
      if (channelType === 'MESSAGE' && channelName === LOBBY) this.#panel.show(publisher, String(message));
    });
    session.on('snapshot', () => this.#update(session));
    this.#update(session);
  }

  /** Called after a login. The subscription comes back by itself after every recovery. */
  async enter(): Promise<void> {
    await this.#session?.subscribe(LOBBY);
  }

  async #publish(text: string): Promise<void> {
    const session = this.#session;
    if (!session) return;
    await session.rtm.publish(LOBBY, text);
    this.#panel.show(session.userId, text, true);
  }

  #update({ snapshot }: Session): void {
    const open = snapshot.state.status === 'connected' && snapshot.subscriptions.includes(LOBBY);
    this.#panel.enable(open, open ? 'No messages yet.' : 'Opens with the login.');
  }
}
