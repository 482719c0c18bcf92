import type { RTMEvents } from 'agora-rtm-sdk';
import { byteLength, type Limits, RESUBSCRIBE_WINDOW_MS, SIZES } from '../limits.js';
import type { Operations, Payload, Subscription } from '../protocol.js';
import type { History } from './history.js';
import type { Rooms } from './presence.js';
import { Refusal } from './refusal.js';
import type { Session } from './session.js';

/** What {@link MessageChannels} are made of. */
export interface MessageChannelParts {
  readonly rooms: Rooms;
  readonly now: () => number;
  readonly limits: Limits;
  readonly history: History;
  readonly sessionOf: (userId: string) => Session | undefined;
}

/** Message channels: who is subscribed to what, and what is said there. */
export class MessageChannels {
  readonly #rooms: Rooms;
  readonly #now: () => number;
  readonly #limits: Limits;
  readonly #history: History;
  readonly #sessionOf: (userId: string) => Session | undefined;

  constructor({ rooms, now, limits, history, sessionOf }: MessageChannelParts) {
    this.#limits = limits;
    this.#history = history;
    this.#rooms = rooms;
    this.#now = now;
    this.#sessionOf = sessionOf;
  }

  /** Subscribes, or changes how the user is subscribed. */
  subscribe(session: Session, subscription: Subscription): void {
    const { channelName, withPresence, beQuiet } = subscription;
    this.#limitRate(session, channelName);
    const isNew = !session.subscriptions.has(channelName);
    if (isNew && session.subscriptions.size >= this.#limits.subscribedChannels) throw new Refusal(-11005);
    session.subscriptions.set(channelName, subscription);
    this.#rooms.enter('MESSAGE', channelName, { session, withPresence, beQuiet });
  }

  unsubscribe(session: Session, channelName: string, how: 'REMOTE_LEAVE' | 'REMOTE_TIMEOUT' = 'REMOTE_LEAVE'): void {
    session.subscriptions.delete(channelName);
    this.#rooms.leave('MESSAGE', channelName, session, how);
  }

  /** Sends to everybody else in a channel, or to one user. */
  publish(session: Session, request: Operations['publish']['request']): void {
    const { channelName, channelType, message, customType } = request;
    checkMessageSize(message, customType, SIZES.messageBytes);
    const content = { channelName, channelType, message, customType };
    if (request.storeInHistory) {
      this.#history.add(channelType, channelName, messageEvent(session, content, this.#now()));
    }
    if (channelType === 'USER') {
      const receiver = this.#sessionOf(channelName);
      if (!receiver?.connection) throw new Refusal(-11033);
      receiver.connection.push({ kind: 'message', event: messageEvent(session, content, this.#now()) });
      return;
    }
    for (const other of this.#rooms.members('MESSAGE', channelName)) {
      if (other === session || !other.subscriptions.get(channelName)?.withMessage) continue;
      other.connection?.push({ kind: 'message', event: messageEvent(session, content, this.#now()) });
    }
  }

  /** The same channel may be subscribed to twice in 5 s. What is older is forgotten, whichever channel it was. */
  #limitRate({ subscribedAt }: Session, channelName: string): void {
    const now = this.#now();
    for (const [name, times] of subscribedAt) {
      const recent = times.filter((at) => now - at < RESUBSCRIBE_WINDOW_MS);
      if (recent.length > 0) subscribedAt.set(name, recent);
      else subscribedAt.delete(name);
    }
    const recent = subscribedAt.get(channelName) ?? [];
    if (recent.length >= this.#limits.resubscriptions) throw new Refusal(-11020);
    subscribedAt.set(channelName, [...recent, now]);
  }
}

/** Refuses what the SDK would not have sent: whoever asks may not be one. */
export function checkMessageSize(message: Payload, customType: string, maxBytes: number): void {
  if (byteLength(message) > maxBytes) throw new Refusal(-11010);
  if (customType.length > SIZES.customTypeLength) throw new Refusal(-11029);
}

/** What a message's event is made of besides its sender. */
export interface MessageContent {
  readonly channelName: string;
  readonly channelType: RTMEvents.MessageEvent['channelType'];
  readonly topicName?: string;
  readonly message: Payload;
  readonly customType: string;
}

/** Makes the event of a message. Bytes are copied, so that no two users share them. */
export function messageEvent(from: Session, content: MessageContent, timestamp: number): RTMEvents.MessageEvent {
  const { channelName, channelType, topicName = '', message, customType } = content;
  return {
    channelType,
    channelName,
    topicName,
    messageType: typeof message === 'string' ? 'STRING' : 'BINARY',
    customType,
    message: typeof message === 'string' ? message : message.slice(),
    publisher: from.userId,
    publishTime: timestamp,
    timestamp,
  };
}
