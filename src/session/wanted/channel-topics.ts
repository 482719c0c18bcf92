import type {
  JoinTopicResponse,
  joinTopicOptions,
  LeaveTopicResponse,
  RTMStreamChannel,
  SubscribeTopicOptions,
  SubscribeTopicResponse,
  UnsubscribeTopicOptions,
  UnsubscribeTopicResponse,
} from 'agora-rtm-sdk';
import type { LiveConnection } from '../sdk/live-connection.js';
import { plainCause, SessionError } from '../state/session-error.js';
import type { RestoreResult } from '../state/session-state.js';
import { AttemptFailure, KeptItem } from './kept-item.js';

/** Runs one of the channel's calls and gives its answer, or a SessionError. */
export type ChannelCall = <T>(what: string, run: (channel: RTMStreamChannel) => Promise<T>) => Promise<T>;

/** Whom the app wants to hear in a topic: whomever the SDK chooses, and users by name. */
interface Heard {
  anybody: boolean;
  readonly users: Set<string>;
}

/** The SDK's code for a user whom one is subscribed to already (`SubscribeTopicErrorCode`). */
const ALREADY_SUBSCRIBED = 20001;

/** The topics of one stream channel that the app joined and subscribed to. They are lost whenever the channel is left. */
export class ChannelTopics {
  readonly #channelName: string;
  readonly #channel: () => RTMStreamChannel;
  readonly #joined = new Map<string, KeptItem>();
  readonly #subscribed = new Map<string, { heard: Heard; item: KeptItem }>();

  /** @param channel gives the SDK's current object */
  constructor(channelName: string, channel: () => RTMStreamChannel) {
    this.#channelName = channelName;
    this.#channel = channel;
  }

  async join(call: ChannelCall, topic: string, options?: joinTopicOptions): Promise<JoinTopicResponse> {
    const response = await call(`join the topic "${topic}"`, (channel) => channel.joinTopic(topic, options));
    this.#keep(
      this.#joined,
      topic,
      this.#item(topic, () => this.#channel().joinTopic(topic, options)),
    );
    return response;
  }

  async leave(call: ChannelCall, topic: string): Promise<LeaveTopicResponse> {
    this.#joined.get(topic)?.lost();
    this.#joined.delete(topic);
    return call(`leave the topic "${topic}"`, (channel) => channel.leaveTopic(topic));
  }

  async subscribe(call: ChannelCall, topic: string, options?: SubscribeTopicOptions): Promise<SubscribeTopicResponse> {
    const response = await call(`subscribe to the topic "${topic}"`, (channel) =>
      channel.subscribeTopic(topic, options),
    );
    const { heard } = this.#subscribed.get(topic) ?? { heard: { anybody: false, users: new Set<string>() } };
    heard.anybody ||= !options?.users;
    // Those who failed are the caller's to know of; the rest is what a recovery brings back.
    for (const user of options?.users ?? []) if (!missed(response).includes(user)) heard.users.add(user);
    const item = this.#item(topic, () => this.#subscribe(topic, heard));
    this.#subscribed.get(topic)?.item.lost();
    item.succeeded();
    this.#subscribed.set(topic, { heard, item });
    return response;
  }

  async unsubscribe(
    call: ChannelCall,
    topic: string,
    options?: UnsubscribeTopicOptions,
  ): Promise<UnsubscribeTopicResponse> {
    const subscribed = this.#subscribed.get(topic);
    for (const user of options?.users ?? []) subscribed?.heard.users.delete(user);
    const nobody = subscribed && !subscribed.heard.anybody && subscribed.heard.users.size === 0;
    if (!options?.users || nobody) {
      subscribed?.item.lost();
      this.#subscribed.delete(topic);
    }
    return call(`unsubscribe from the topic "${topic}"`, (channel) => channel.unsubscribeTopic(topic, options));
  }

  /** The channel is gone, and its topics with it. */
  lost(): void {
    for (const item of this.#items()) item.lost();
  }

  /** Somebody came to a topic, perhaps one who was missed: what failed is tried again at once. */
  retry(connection: LiveConnection): void {
    for (const item of this.#items()) if (!item.active) item.retry(connection);
  }

  /** Joins and subscribes to everything that is wanted; says of each whether its first attempt worked, and goes on with the rest. */
  restore(connection: LiveConnection): Promise<RestoreResult[]> {
    const result = async (kind: RestoreResult['kind'], topicName: string, item: KeptItem): Promise<RestoreResult> => {
      const error = await item.restore(connection);
      return { kind, channelName: this.#channelName, topicName, ok: error === null, ...(error ? { error } : {}) };
    };
    const joined = [...this.#joined].map(([topic, item]) => result('topic', topic, item));
    const subscribed = [...this.#subscribed].map(([topic, { item }]) => result('topicSubscription', topic, item));
    return Promise.all([...joined, ...subscribed]);
  }

  #items(): KeptItem[] {
    return [...this.#joined.values(), ...[...this.#subscribed.values()].map(({ item }) => item)];
  }

  #keep(items: Map<string, KeptItem>, topic: string, item: KeptItem): void {
    items.get(topic)?.lost();
    item.succeeded();
    items.set(topic, item);
  }

  #item(topic: string, run: () => Promise<unknown>): KeptItem {
    const attempt = async (connection: LiveConnection): Promise<void> => {
      try {
        await connection.call(run);
      } catch (error) {
        if (error instanceof AttemptFailure) throw error;
        const message = `The topic "${topic}" of "${this.#channelName}" could not be restored.`;
        throw new AttemptFailure(new SessionError('CHANNEL_FAILED', message, plainCause(error)), 'passing');
      }
    };
    return new KeptItem({ attempt, onGivenUp: () => {} });
  }

  async #subscribe(topic: string, heard: Heard): Promise<void> {
    if (heard.anybody) await this.#channel().subscribeTopic(topic);
    if (heard.users.size === 0) return;
    const response = await this.#channel().subscribeTopic(topic, { users: [...heard.users] });
    const users = missed(response);
    if (users.length === 0) return;
    const message = `In the topic "${topic}" of "${this.#channelName}", ${users.join(', ')} cannot be heard yet.`;
    throw new AttemptFailure(new SessionError('CHANNEL_FAILED', message), 'passing');
  }
}

/** The users whom a subscription did not get. */
function missed({ failedDetails, failedUsers }: SubscribeTopicResponse): string[] {
  const already = failedDetails
    .filter(({ errorCode }) => Number(errorCode) === ALREADY_SUBSCRIBED)
    .map(({ user }) => user);
  return failedUsers.filter((user) => !already.includes(user));
}
