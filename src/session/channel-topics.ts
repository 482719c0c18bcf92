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
import type { LiveConnection } from './live-connection.js';
import { plainCause, SessionError } from './session-error.js';
import type { RestoreResult } from './session-state.js';

/** Runs one of the channel's calls and gives its answer, or a SessionError. */
export type ChannelCall = <T>(what: string, run: (channel: RTMStreamChannel) => Promise<T>) => Promise<T>;

/** The users of a topic that are wanted; null stands for "whom the SDK chooses". */
type WantedUsers = Set<string> | null;

/** The topics of one stream channel that the app joined and subscribed to. They are lost whenever the channel is left. */
export class ChannelTopics {
  readonly #channelName: string;
  readonly #joined = new Map<string, joinTopicOptions | undefined>();
  readonly #subscribed = new Map<string, WantedUsers>();

  constructor(channelName: string) {
    this.#channelName = channelName;
  }

  async join(call: ChannelCall, topic: string, options?: joinTopicOptions): Promise<JoinTopicResponse> {
    const response = await call(`join the topic "${topic}"`, (channel) => channel.joinTopic(topic, options));
    this.#joined.set(topic, options);
    return response;
  }

  async leave(call: ChannelCall, topic: string): Promise<LeaveTopicResponse> {
    this.#joined.delete(topic);
    return call(`leave the topic "${topic}"`, (channel) => channel.leaveTopic(topic));
  }

  async subscribe(call: ChannelCall, topic: string, options?: SubscribeTopicOptions): Promise<SubscribeTopicResponse> {
    const response = await call(`subscribe to the topic "${topic}"`, (channel) =>
      channel.subscribeTopic(topic, options),
    );
    const before = this.#subscribed.get(topic);
    this.#subscribed.set(topic, options?.users ? new Set([...(before ?? []), ...options.users]) : null);
    return response;
  }

  async unsubscribe(
    call: ChannelCall,
    topic: string,
    options?: UnsubscribeTopicOptions,
  ): Promise<UnsubscribeTopicResponse> {
    const users = this.#subscribed.get(topic);
    for (const user of options?.users ?? []) users?.delete(user);
    if (!options?.users || users?.size === 0) this.#subscribed.delete(topic);
    return call(`unsubscribe from the topic "${topic}"`, (channel) => channel.unsubscribeTopic(topic, options));
  }

  /** Joins and subscribes to everything that is wanted, and says for each whether it worked. */
  async restore(connection: LiveConnection, channel: RTMStreamChannel): Promise<RestoreResult[]> {
    const joins = [...this.#joined].map(([topicName, options]) =>
      this.#result('topic', topicName, connection, () => channel.joinTopic(topicName, options)),
    );
    const subscriptions = [...this.#subscribed].map(([topicName, users]) =>
      this.#result('topicSubscription', topicName, connection, () =>
        channel.subscribeTopic(topicName, users ? { users: [...users] } : undefined),
      ),
    );
    return Promise.all([...joins, ...subscriptions]);
  }

  async #result(
    kind: RestoreResult['kind'],
    topicName: string,
    connection: LiveConnection,
    run: () => Promise<unknown>,
  ): Promise<RestoreResult> {
    const item = { kind, channelName: this.#channelName, topicName };
    try {
      await connection.call(run);
      return { ...item, ok: true };
    } catch (error) {
      const message = `The topic "${topicName}" of "${this.#channelName}" could not be restored.`;
      return { ...item, ok: false, error: new SessionError('CHANNEL_FAILED', message, plainCause(error)) };
    }
  }
}
