import type { JoinOptions, joinTopicOptions, SubscribeOptions } from 'agora-rtm-sdk';
import type { RTMStreamChannel, SignalingClient } from '../sdk/signaling-client.js';
import type { RestoreResult } from '../state/session-state.js';
import { textOf } from '../state/text-of.js';
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
  /** The SDK's defaults (its type file), so that an option that is left out equals the same one spelled out. */
  readonly defaults: object;
  /** What could not be done, in words. */
  readonly done: 'joined' | 'subscribed to';
  set(item: WantedItem, options: ItemOptions, call: ItemCall): Promise<unknown>;
  /** @param options what is to be undone; null for all of it */
  unset(item: WantedItem, options: ItemOptions | null, call: ItemCall): Promise<unknown>;
}

const CALL_TIMEOUT_MS = 10_000;
const JOIN_TIMEOUT_MS = 20_000;
const DEFAULTS = { withPresence: true, beQuiet: false, withMetadata: false, withLock: false };

/** A message channel. */
export const SUBSCRIPTION: ItemKind = {
  name: 'subscription',
  change: 'again',
  inChannel: false,
  timeoutMs: CALL_TIMEOUT_MS,
  defaults: { ...DEFAULTS, withMessage: true },
  done: 'subscribed to',
  set: ({ queue }, { value }, { client }) => client.subscribe(queue.channelName, value as SubscribeOptions | undefined),
  unset: ({ queue }, _options, { client }) => client.unsubscribe(queue.channelName),
};

/** A stream channel. */
export const CHANNEL: ItemKind = {
  name: 'channel',
  change: 'anew',
  inChannel: false,
  timeoutMs: JOIN_TIMEOUT_MS,
  defaults: DEFAULTS,
  done: 'joined',
  set: (item, { value }, call) => {
    const { token } = call;
    return sdkChannel(item, call).join({ ...(value as JoinOptions | undefined), ...(token ? { token } : {}) });
  },
  unset: (item, _options, call) => sdkChannel(item, call).leave(),
};

/** A topic that is joined, to publish in it. */
export const TOPIC: ItemKind = {
  name: 'topic',
  change: 'anew',
  inChannel: true,
  timeoutMs: CALL_TIMEOUT_MS,
  defaults: {},
  done: 'joined',
  set: (item, { value }, call) => sdkChannel(item, call).joinTopic(item.topic, value as joinTopicOptions | undefined),
  unset: (item, _options, call) => sdkChannel(item, call).leaveTopic(item.topic),
};

/** The users who are heard in a topic. */
export const HEARING: ItemKind = {
  name: 'topicSubscription',
  change: 'difference',
  inChannel: true,
  timeoutMs: CALL_TIMEOUT_MS,
  defaults: {},
  done: 'subscribed to',
  set: (item, options, call) => sdkChannel(item, call).subscribeTopic(item.topic, ...usersArgument(options)),
  unset: (item, options, call) => sdkChannel(item, call).unsubscribeTopic(item.topic, ...usersArgument(options)),
};

/** Stands for whomever the SDK chooses, in a list of users. */
export const ANYBODY = '';

/**
 * Makes options comparable. What is not given is not sent, so that the SDK's own defaults hold.
 *
 * @throws SessionError INVALID_ARGUMENT for what cannot be compared, nor be sent: a circle, a BigInt
 */
export function itemOptions({ defaults }: ItemKind, value: object = {}): ItemOptions {
  const given = Object.fromEntries(Object.entries(value).filter(([, option]) => option !== undefined));
  return { key: textOf({ ...defaults, ...given }), value: Object.keys(given).length > 0 ? given : undefined };
}

/** The users of a topic, as options. */
export function hearing(users: Iterable<string>): ItemOptions {
  const value = [...new Set(users)].sort();
  return { key: JSON.stringify(value), value };
}

export function usersOf({ value }: ItemOptions): string[] {
  return value as string[];
}

function sdkChannel({ queue }: WantedItem, { client }: ItemCall): RTMStreamChannel {
  return client.createStreamChannel(queue.channelName);
}

/** Without users: whomever the SDK chooses, or all of them. */
function usersArgument(options: ItemOptions | null): [] | [{ users: string[] }] {
  const users = options ? usersOf(options) : [ANYBODY];
  return users.includes(ANYBODY) ? [] : [{ users }];
}
