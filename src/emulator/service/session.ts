import type { StateDetail } from 'agora-rtm-sdk';
import type { LinkReasonCode, ServerEvent, Subscription } from '../protocol.js';
import type { TokenTimer } from './token-timer.js';

/** One link's end at the service. */
export interface Connection {
  readonly userId: string;
  /** The login that this link carries; null before it and after its end. */
  session: Session | null;
  /** Delivers to the client, unless its network is cut; returns whether it was sent. */
  push(event: ServerEvent): boolean;
}

/** A user's stay in a stream channel. */
export interface Membership {
  readonly session: Session;
  readonly withPresence: boolean;
  readonly beQuiet: boolean;
  /** The join of the client's that it came of. */
  readonly attempt: number;
  readonly timer: TokenTimer;
  /** Topics that the user publishes in, with what they say of themselves there. */
  readonly topics: Map<string, string>;
  /** Whom the user hears, by topic. */
  readonly heard: Map<string, Set<string>>;
}

/** One login. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  /** Null while the client is gone and may come back. */
  connection: Connection | null;
  readonly timer: TokenTimer;
  readonly presenceTimeoutMs: number;
  /** Ends the session when its client stays away. */
  absence: unknown;
  readonly subscriptions: Map<string, Subscription>;
  readonly memberships: Map<string, Membership>;
  /** Temporary states, by channel. */
  readonly states: Map<string, StateDetail>;
  /** When each channel was last subscribed to, for the limit on repeating it. */
  readonly subscribedAt: Map<string, readonly number[]>;
  /** Users whose metadata is subscribed to. */
  readonly metadataOf: Set<string>;
  /** Stream channels that ended while the client was gone. */
  readonly endedChannels: Map<string, LinkReasonCode>;
}

/** The key of a channel among both kinds. */
export function channelKey(channelType: 'MESSAGE' | 'STREAM', channelName: string): string {
  return `${channelType} ${channelName}`;
}
