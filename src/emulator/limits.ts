import { utf8Length } from '../token/utf8.js';

/**
 * Agora's limits on what one user may have and do at a time; where two pages of Agora differ, what agora-rtm-sdk 2.3.0 enforces. An
 * emulator can be given others, so that a test of thousands is not stopped by them.
 */
export interface Limits {
  /** Message channels subscribed to at a time (-11005). Default: 50. */
  readonly subscribedChannels: number;
  /** Stream channels joined at a time (-11005). Default: 10. */
  readonly joinedStreamChannels: number;
  /** Users in one stream channel (-11007). Default: 1000. */
  readonly usersPerStreamChannel: number;
  /** Topics that a user publishes in, in each stream channel (-11014). Default: 8. */
  readonly joinedTopicsPerChannel: number;
  /** Topics that a user hears, in each stream channel (-11014). Default: 50. */
  readonly subscribedTopicsPerChannel: number;
  /** Users heard in one topic. Default: 64. */
  readonly usersPerTopic: number;
  /** Temporary states of a user in one channel (-13005). Default: 32. */
  readonly statesPerUser: number;
  /** Channels in which a user has temporary states without being there (-13004). Default: 100. */
  readonly statesAhead: number;
  /** Users whose metadata a user is subscribed to (-12017). Default: 500. */
  readonly metadataSubscriptions: number;
  /** Subscriptions to one channel within 5 s (-11020). Default: 2. */
  readonly resubscriptions: number;
  /** `publish` in any second (-10021). Default: 60. */
  readonly publishesPerSecond: number;
  /** `publishTopicMessage` in any second (-10021). Default: 200. */
  readonly topicMessagesPerSecond: number;
  /**
   * In any second, each for itself (-10021): `login`, `renewToken`, `subscribe`, `join`, `joinTopic`, `subscribeTopic` and `setState`.
   * The calls that undo something are not counted. Default: 20.
   */
  readonly callsPerSecond: number;
}

/** Agora's limits. */
export const DEFAULT_LIMITS: Limits = {
  subscribedChannels: 50,
  joinedStreamChannels: 10,
  usersPerStreamChannel: 1000,
  joinedTopicsPerChannel: 8,
  subscribedTopicsPerChannel: 50,
  usersPerTopic: 64,
  statesPerUser: 32,
  statesAhead: 100,
  metadataSubscriptions: 500,
  resubscriptions: 2,
  publishesPerSecond: 60,
  topicMessagesPerSecond: 200,
  callsPerSecond: 20,
};

/** What cannot be other: sizes of names and messages. */
export const SIZES = {
  messageBytes: 32_768,
  topicMessageBytes: 1024,
  customTypeLength: 32,
  topicNameLength: 16,
  topicMetaBytes: 256,
  /** Of a temporary state's key and value together. */
  stateBytes: 8192,
  /** A token is far shorter. */
  tokenLength: 4096,
} as const;

/** How long a subscription counts against {@link Limits.resubscriptions}, milliseconds. */
export const RESUBSCRIBE_WINDOW_MS = 5000;

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/**
 * Agora's limits with some changed.
 *
 * @throws TypeError that names a limit that is none or no number.
 */
export function limitsWith(changes: Partial<Limits> = {}): Limits {
  for (const [name, value] of Object.entries(changes)) {
    if (!Object.hasOwn(DEFAULT_LIMITS, name)) throw new TypeError(`limits.${name} is no limit of the emulator's.`);
    if (typeof value !== 'number' || !(value >= 0)) throw new TypeError(`limits.${name} must be a number, 0 or more.`);
  }
  const limits = { ...DEFAULT_LIMITS, ...changes };
  // Pages get them as JSON, which has no infinity.
  return Object.fromEntries(
    Object.entries(limits).map(([name, value]) => [name, Math.min(value, Number.MAX_SAFE_INTEGER)]),
  ) as unknown as Limits;
}

/** Whether the service takes this as a topic's name. */
export function isTopicName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= SIZES.topicNameLength && PRINTABLE_ASCII.test(value);
}

/** How many bytes a message or another text takes up. */
export function byteLength(value: string | Uint8Array): number {
  return typeof value === 'string' ? utf8Length(value) : value.byteLength;
}
