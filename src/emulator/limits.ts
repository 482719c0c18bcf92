/** Agora's limits, as its pages "API usage restrictions" and "Limits" state them; where two versions differ, the larger one. */
export const LIMITS = {
  messageBytes: 32_768,
  topicMessageBytes: 1024,
  customTypeLength: 32,
  topicNameLength: 16,
  topicMetaBytes: 256,
  subscribedChannels: 100,
  joinedStreamChannels: 100,
  usersPerStreamChannel: 1000,
  joinedTopicsPerChannel: 8,
  subscribedTopicsPerChannel: 50,
  usersPerTopic: 64,
  statesPerUser: 32,
  /** A channel may be subscribed to twice in this many milliseconds. */
  resubscribeWindowMs: 5000,
} as const;

const PRINTABLE_ASCII = /^[\x20-\x7e]+$/;

/** Whether the service takes this as a topic's name. */
export function isTopicName(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LIMITS.topicNameLength && PRINTABLE_ASCII.test(value);
}

/** How many bytes a message or another text takes up. */
export function byteLength(value: string | Uint8Array): number {
  return typeof value === 'string' ? new TextEncoder().encode(value).length : value.byteLength;
}
