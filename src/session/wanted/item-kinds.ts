import type { JoinOptions, joinTopicOptions, SubscribeOptions } from 'agora-rtm-sdk';
import type { SignalingClient } from '../sdk/signaling-client.js';
import type { RestoreResult } from '../state/session-state.js';
import type { ItemOptions, WantedItem } from './wanted-item.js';

/** What a call for an item needs besides the item. */
export interface ItemCall {
  readonly client: SignalingClient;
  /** For a join: the channel's token, or undefined where the project has no certificate. */
  readonly token: string | undefined;
}

/** One kind of thing that can be wanted: how the SDK is told, and how it differs from the others. */
export interface ItemKind {
  readonly name: RestoreResult['kind'];
  /** How other options come to be: the same call again, undone and done anew, or by what has to change. */
  readonly change: 'again' | 'anew' | 'difference';
  /** Whether it belongs to a stream channel that must be joined. */
  readonly inChannel: boolean;
  /** How long the SDK may take, milliseconds. The SDK gives a join up after 15 s by itself. */
  readonly timeoutMs: number;
  /** What went wrong, in a sentence. */
  refused(item: WantedItem): string;
  set(item: WantedItem, options: ItemOptions, call: ItemCall): Promise<unknown>;
  /** @param options what is to be undone; null for all of it */
  unset(item: WantedItem, options: ItemOptions | null, call: ItemCall): Promise<unknown>;
}

const CALL_TIMEOUT_MS = 10_000;
const JOIN_TIMEOUT_MS = 20_000;

/** A message channel. */
export const SUBSCRIPTION: ItemKind = {
  name: 'subscription',
  change: 'again',
  inChannel: false,
  timeoutMs: CALL_TIMEOUT_MS,
  refused: ({ channelName }) => `Signaling did not accept the subscription of the message channel "${channelName}".`,
  set: ({ channelName }, { value }, { client }) => client.subscribe(channelName, value as SubscribeOptions | undefined),
  unset: ({ channelName }, _options, { client }) => client.unsubscribe(channelName),
};

/** A stream channel. */
export const CHANNEL: ItemKind = {
  name: 'channel',
  change: 'anew',
  inChannel: false,
  timeoutMs: JOIN_TIMEOUT_MS,
  refused: ({ channelName }) => `Signaling did not let this user join the stream channel "${channelName}".`,
  set: ({ channelName }, { value }, { client, token }) =>
    client
      .createStreamChannel(channelName)
      .join({ ...(value as JoinOptions | undefined), ...(token === undefined ? {} : { token }) }),
  unset: ({ channelName }, _options, { client }) => client.createStreamChannel(channelName).leave(),
};

/** A topic that is joined, to publish in it. */
export const TOPIC: ItemKind = {
  name: 'topic',
  change: 'anew',
  inChannel: true,
  timeoutMs: CALL_TIMEOUT_MS,
  refused: ({ topic, channelName }) => `Could not join the topic "${topic}" of the stream channel "${channelName}".`,
  set: ({ channelName, topic }, { value }, { client }) =>
    client.createStreamChannel(channelName).joinTopic(topic, value as joinTopicOptions | undefined),
  unset: ({ channelName, topic }, _options, { client }) => client.createStreamChannel(channelName).leaveTopic(topic),
};

/** The users who are heard in a topic. */
export const HEARING: ItemKind = {
  name: 'topicSubscription',
  change: 'difference',
  inChannel: true,
  timeoutMs: CALL_TIMEOUT_MS,
  refused: ({ topic, channelName }) =>
    `Could not subscribe to the topic "${topic}" of the stream channel "${channelName}".`,
  set: ({ channelName, topic }, options, { client }) => {
    const users = usersOf(options);
    const channel = client.createStreamChannel(channelName);
    return users.includes(ANYBODY) ? channel.subscribeTopic(topic) : channel.subscribeTopic(topic, { users });
  },
  unset: ({ channelName, topic }, options, { client }) => {
    const channel = client.createStreamChannel(channelName);
    return options ? channel.unsubscribeTopic(topic, { users: usersOf(options) }) : channel.unsubscribeTopic(topic);
  },
};

/** Stands for whomever the SDK chooses, in a list of users. */
export const ANYBODY = '';

/** The SDK's defaults (its type file), so that an option that is left out equals the same one spelled out. */
const DEFAULTS: Readonly<Partial<Record<RestoreResult['kind'], Readonly<Record<string, unknown>>>>> = {
  subscription: { withMessage: true, withPresence: true, beQuiet: false, withMetadata: false, withLock: false },
  channel: { withPresence: true, beQuiet: false, withMetadata: false, withLock: false },
};

/** Makes options comparable. What is not given is not sent, so that the SDK's own defaults hold. */
export function itemOptions(kind: ItemKind, value: object | undefined): ItemOptions {
  const given = Object.entries(value ?? {}).filter(([, option]) => option !== undefined);
  const key = JSON.stringify({ ...DEFAULTS[kind.name], ...Object.fromEntries(given) }, inOrder);
  return { key, value: given.length > 0 ? Object.fromEntries(given) : undefined };
}

/** The users of a topic, as options. */
export function hearing(users: Iterable<string>): ItemOptions {
  const value = [...new Set(users)].sort();
  return { key: JSON.stringify(value), value };
}

export function usersOf({ value }: ItemOptions): string[] {
  return value as string[];
}

/** Whatever order an object's keys are in, its text is the same. */
function inOrder(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
