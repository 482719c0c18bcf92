import type { SessionEvents } from 'agora-session';
import { find } from '../page.js';
import { ChatPanel } from './chat-panel.js';
import { listed } from './plain-words.js';
import type { Session } from './start-session.js';

const LOBBY = 'lobby';

type PresenceEvent = Parameters<SessionEvents['presence']>[0];

/** The chat in a message channel: subscribe once, publish with the SDK's own client. */
export class Lobby {
  readonly #panel: ChatPanel;
  readonly #others = new Set<string>();
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
    session.on('presence', (event) => {
      if (event.channelType === 'MESSAGE' && event.channelName === LOBBY) this.#meet(event, session);
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

  /** Who is there comes as a snapshot at first, and as arrivals and departures from then on. */
  #meet({ eventType, publisher, snapshot }: PresenceEvent, session: Session): void {
    if (eventType === 'SNAPSHOT') {
      this.#others.clear();
      for (const { userId } of snapshot ?? []) this.#others.add(userId);
    } else if (eventType === 'REMOTE_JOIN') this.#others.add(publisher);
    else if (eventType === 'REMOTE_LEAVE' || eventType === 'REMOTE_TIMEOUT') this.#others.delete(publisher);
    this.#others.delete(session.userId);
    this.#update(session);
  }

  #update({ snapshot }: Session): void {
    const open = snapshot.state.status === 'connected' && isSubscribed(snapshot);
    const others = this.#others.size > 0 ? `With you here: ${listed(this.#others)}` : 'Nobody else is here';
    this.#panel.introduce(open ? others : 'Closed');
    this.#panel.enable(open, open ? 'No messages yet.' : 'Opens with the login.');
  }
}

function isSubscribed({ subscriptions }: Session['snapshot']): boolean {
  return subscriptions.some(({ channelName, state }) => channelName === LOBBY && state === 'subscribed');
}
