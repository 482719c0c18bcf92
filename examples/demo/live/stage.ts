import type { SessionEvents, StreamChannelHandle } from 'agora-session';
import { find, setText } from '../page.js';
import { ChatPanel } from './chat-panel.js';
import type { EventLog } from './event-log.js';
import { describeError, listed } from './plain-words.js';
import type { Session } from './start-session.js';

const STAGE = 'stage';
const TOPIC = 'chat';
const JOINABLE = new Set(['connected', 'reconnecting', 'recovering']);

type TopicEvent = Parameters<SessionEvents['topic']>[0];

/** The chat in a stream channel's topic: join the channel, join the topic to speak, subscribe to each speaker to hear them. */
export class Stage {
  readonly #panel: ChatPanel;
  readonly #button = find('#stage-membership', HTMLButtonElement);
  readonly #log: EventLog;
  readonly #speakers = new Set<string>();
  #heard: readonly string[] = [];
  #session: Session | null = null;
  #channel: StreamChannelHandle | null = null;

  constructor(log: EventLog) {
    this.#log = log;
    this.#panel = new ChatPanel(find('#stage', HTMLElement), (text) => this.#publish(text));
    this.#button.addEventListener('click', () => void (this.#isIn() ? this.#channel?.leave() : this.#join()));
  }

  follow(session: Session): void {
    this.#session = session;
    this.#channel = null;
    this.#panel.clear();
    session.on('message', ({ channelName, topicName, publisher, message }) => {
      if (channelName === STAGE && topicName === TOPIC) this.#panel.show(publisher, String(message));
    });
    session.on('topic', (event) => {
      if (event.channelName === STAGE) this.#meet(event, session.userId);
    });
    session.on('snapshot', () => this.#update(session));
    this.#update(session);
  }

  async #join(): Promise<void> {
    try {
      this.#speakers.clear();
      this.#heard = [];
      // One call fetches an RTC token and joins; the session renews that token and joins again after a recovery.
      const channel = await this.#session?.joinStreamChannel(STAGE);
      if (!channel) return;
      this.#channel = channel;
      await channel.joinTopic(TOPIC);
      await this.#hear([...this.#speakers]);
    } catch (error) {
      this.#log.add('bad', `Did not join ${STAGE}. ${describeError(error)}`);
    }
  }

  /** Everybody who may speak is announced by a topic event: those who are there already in a snapshot, the others as they come. */
  #meet({ eventType, topicInfos }: TopicEvent, self: string): void {
    if (eventType === 'SNAPSHOT') this.#speakers.clear();
    const publishers = topicInfos.find(({ topicName }) => topicName === TOPIC)?.publishers ?? [];
    const others = publishers.map(({ publisherUserId }) => publisherUserId).filter((userId) => userId !== self);
    for (const userId of others) {
      if (eventType === 'REMOTE_LEAVE') this.#speakers.delete(userId);
      else this.#speakers.add(userId);
    }
    // The channel's first snapshot comes before the join has resolved; what it says is used then.
    void this.#hear(eventType === 'REMOTE_LEAVE' ? [] : others);
  }

  async #hear(users: string[]): Promise<void> {
    const handle = this.#channel;
    if (!handle) return;
    try {
      if (users.length > 0) await handle.subscribeTopic(TOPIC, { users });
      this.#heard = handle.channel.getSubscribedUserList(TOPIC).subscribed;
    } catch {
      // Some are gone again, or the channel is; the next topic event tells more.
    }
    if (this.#session) this.#update(this.#session);
  }

  async #publish(text: string): Promise<void> {
    await this.#channel?.publishTopicMessage(TOPIC, text);
    this.#panel.show(this.#session?.userId ?? '', text, true);
  }

  #isIn(): boolean {
    const status = this.#channel?.state.status;
    return status === 'joining' || status === 'joined' || status === 'rejoining';
  }

  #update({ snapshot }: Session): void {
    const status = snapshot.channels.find(({ channelName }) => channelName === STAGE)?.state.status;
    const active = JOINABLE.has(snapshot.state.status);
    const joined = active && this.#isIn();
    setText(this.#button, joined ? 'Leave stage' : 'Join stage');
    this.#button.disabled = !active || status === 'joining';
    const heard = this.#heard.filter((userId) => this.#speakers.has(userId));
    const others = heard.length > 0 ? `You hear ${listed(heard)}` : 'Nobody else speaks here';
    this.#panel.introduce(joined ? others : 'Not joined');
    // Calls wait while the channel is being joined again, so the field stays open.
    this.#panel.enable(
      joined,
      joined ? `No messages in the topic ${TOPIC} yet.` : `Join to speak and hear in the topic ${TOPIC}.`,
    );
  }
}
