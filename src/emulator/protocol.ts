import type { RTMEvents, StateDetail } from 'agora-rtm-sdk';

/** Why a link changes its state, in the SDK's words. */
export type LinkReasonCode = RTMEvents.LinkStateChangeReasonCode;

/** What users send each other. */
export type Payload = string | Uint8Array;

/** The kinds of channels that hold users. A user channel is only an address. */
export type OccupiedChannelType = 'MESSAGE' | 'STREAM';

/** A message channel that a client wants to be subscribed to. */
export interface Subscription {
  readonly channelName: string;
  readonly withMessage: boolean;
  readonly withPresence: boolean;
  readonly beQuiet: boolean;
}

/** What a client says of itself when it wants to be logged in. */
export interface LoginRequest {
  readonly appId: string;
  readonly userId: string;
  readonly token: string;
  /** `login` was called by the app; `reconnect` was begun by the client itself and is no call that a fault can be aimed at. */
  readonly cause: 'login' | 'reconnect';
  /** The session that this client holds or held; null when it has none. */
  readonly sessionId: string | null;
  /** Whether that session shall go on, with all that belongs to it. */
  readonly resume: boolean;
  /** How long the service keeps a session whose client is gone. */
  readonly presenceTimeoutSeconds: number;
  /** Subscriptions that the client remembers and wants back; what cannot be restored is left out without a word. */
  readonly restore: readonly Subscription[];
}

/** What the service answers to a login that it accepts. */
export interface LoginReply {
  readonly sessionId: string;
  readonly resumed: boolean;
  /** Message channels that the session is subscribed to. */
  readonly subscribed: readonly string[];
  /** Stream channels of a resumed session that the user is still in. */
  readonly joined: readonly string[];
  /** Stream channels of a resumed session that ended meanwhile, and why. */
  readonly ended: readonly { readonly channelName: string; readonly reasonCode: LinkReasonCode }[];
}

/** One user in a channel. */
export interface Occupant {
  readonly userId: string;
  readonly states: StateDetail;
}

/** A message that is kept in a channel's history. */
export type StoredMessage = Pick<
  RTMEvents.MessageEvent,
  'message' | 'messageType' | 'customType' | 'publisher' | 'timestamp'
>;

/** What became of the users that a topic subscription named. */
export interface TopicSubscriptionReply {
  readonly succeeded: readonly string[];
  readonly failed: readonly { readonly userId: string; readonly errorCode: number; readonly reason: string }[];
  /** All users that the topic is subscribed of, now. */
  readonly subscribed: readonly string[];
}

interface ChannelAddress {
  readonly channelName: string;
}
interface OccupiedChannelAddress extends ChannelAddress {
  readonly channelType: OccupiedChannelType;
}
interface TopicAddress extends ChannelAddress {
  readonly topicName: string;
}
/** A stream channel that a client wants to be in. */
export interface JoinRequest extends ChannelAddress {
  readonly token: string;
  readonly withPresence: boolean;
  readonly beQuiet: boolean;
  /** The client is in the channel already: the options are applied, and the token is not looked at. */
  readonly again: boolean;
  /** Counts the client's joins of this channel: one that comes late, after a later one, does not undo that. */
  readonly attempt: number;
}
/** The answer of requests that only succeed. */
export type Nothing = Readonly<Record<never, never>>;

/** Every request that a client makes of the service, with its answer. */
export interface Operations {
  login: { request: LoginRequest; reply: LoginReply };
  logout: { request: Nothing; reply: Nothing };
  renewToken: { request: { token: string; channelName: string | null }; reply: Nothing };
  subscribe: { request: Subscription; reply: Nothing };
  unsubscribe: { request: ChannelAddress; reply: Nothing };
  publish: {
    request: ChannelAddress & {
      channelType: 'MESSAGE' | 'USER';
      message: Payload;
      customType: string;
      storeInHistory: boolean;
    };
    reply: Nothing;
  };
  join: { request: JoinRequest; reply: Nothing };
  leave: { request: ChannelAddress; reply: Nothing };
  joinTopic: { request: TopicAddress & { meta: string }; reply: Nothing };
  leaveTopic: { request: TopicAddress; reply: Nothing };
  publishTopicMessage: { request: TopicAddress & { message: Payload; customType: string }; reply: Nothing };
  subscribeTopic: { request: TopicAddress & { users: readonly string[] | null }; reply: TopicSubscriptionReply };
  unsubscribeTopic: {
    request: TopicAddress & { users: readonly string[] | null };
    reply: { subscribed: readonly string[] };
  };
  whoNow: { request: OccupiedChannelAddress; reply: { occupants: readonly Occupant[] } };
  whereNow: { request: { userId: string }; reply: { channels: readonly OccupiedChannelAddress[] } };
  setState: { request: OccupiedChannelAddress & { states: StateDetail }; reply: Nothing };
  getState: { request: OccupiedChannelAddress & { userId: string }; reply: { states: StateDetail } };
  removeState: { request: OccupiedChannelAddress & { keys: readonly string[] | null }; reply: Nothing };
  getMessages: {
    /** Times are epoch milliseconds; `start` null begins with the newest. */
    request: ChannelAddress & { channelType: 'MESSAGE' | 'USER'; start: number | null; end: number; count: number };
    reply: { messages: readonly StoredMessage[]; newStart: number };
  };
  subscribeUserMetadata: { request: { userId: string }; reply: Nothing };
  unsubscribeUserMetadata: { request: { userId: string }; reply: Nothing };
}

/** The name of a request. */
export type OperationName = keyof Operations;

const OPERATION_NAMES: Readonly<Record<OperationName, true>> = {
  login: true,
  logout: true,
  renewToken: true,
  subscribe: true,
  unsubscribe: true,
  publish: true,
  join: true,
  leave: true,
  joinTopic: true,
  leaveTopic: true,
  publishTopicMessage: true,
  subscribeTopic: true,
  unsubscribeTopic: true,
  whoNow: true,
  whereNow: true,
  setState: true,
  getState: true,
  removeState: true,
  getMessages: true,
  subscribeUserMetadata: true,
  unsubscribeUserMetadata: true,
};

/** Whether there is a request of this name. */
export function isOperationName(name: unknown): name is OperationName {
  return typeof name === 'string' && Object.hasOwn(OPERATION_NAMES, name);
}

/** How a request ended. `timestamp` is the service's time, epoch milliseconds. */
export type Outcome<Reply> =
  | { readonly ok: true; readonly reply: Reply; readonly timestamp: number }
  | { readonly ok: false; readonly code: number; readonly reasonCode: LinkReasonCode };

/** A stream channel's own link was lost, came back with or without the channel's topics, or ended with the client's leaving. */
export interface StreamEvent {
  readonly kind: 'stream';
  readonly channelName: string;
  readonly change: 'lost' | 'resumed' | 'emptied' | 'left';
}

/** What the service tells a client unasked. */
export type ServerEvent =
  | { readonly kind: 'message'; readonly event: RTMEvents.MessageEvent }
  | { readonly kind: 'presence'; readonly event: RTMEvents.PresenceEvent }
  | { readonly kind: 'topic'; readonly event: RTMEvents.TopicEvent }
  | { readonly kind: 'token'; readonly event: RTMEvents.TokenEvent }
  /** `channelName` is empty for the login's token. */
  | { readonly kind: 'will-expire'; readonly channelName: string }
  | StreamEvent
  /** The service has ended the login (`channelName` null) or the stay in one stream channel. */
  | { readonly kind: 'ended'; readonly channelName: string | null; readonly reasonCode: LinkReasonCode };
