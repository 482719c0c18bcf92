import type { RTMEvents } from 'agora-rtm-sdk';
import { LIMITS } from '../limits.js';
import type { Operations, Payload, Subscription } from '../protocol.js';
import type { Rooms } from './presence.js';
import { Refusal } from './refusal.js';
import type { Session } from './session.js';

/** Message channels: who is subscribed to what, and what is said there. */
export class MessageChannels {
  readonly #rooms: Rooms;
  readonly #now: () => number;
  readonly #sessionOf: (userId: string) => Session | undefined;

  constructor(rooms: Rooms, now: () => number, sessionOf: (userId: string) => Session | undefined) {
    this.#rooms = rooms;
    this.#now = now;
    this.#sessionOf = sessionOf;
  }

  /** Subscribes, or changes how the user is subscribed. */
  subscribe(session: Session, subscription: Subscription): void {
    const { channelName, withPresence, beQuiet } = subscription;
    this.#limitRate(session, channelName);
    const isNew = !session.subscriptions.has(channelName);
    if (isNew && session.subscriptions.size >= LIMITS.subscribedChannels) throw new Refusal(-11005);
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
    const event = { channelName, channelType, message, customType };
    if (channelType === 'USER') {
      const receiver = this.#sessionOf(channelName);
      if (!receiver?.connection) throw new Refusal(-11033);
      receiver.connection.push({ kind: 'message', event: messageEvent(session, event, this.#now()) });
      return;
    }
    for (const other of this.#rooms.members('MESSAGE', channelName)) {
      if (other === session || !other.subscriptions.get(channelName)?.withMessage) continue;
      other.connection?.push({ kind: 'message', event: messageEvent(session, event, this.#now()) });
    }
  }

  /** The same channel may be subscribed to twice in 5 s. */
  #limitRate(session: Session, channelName: string): void {
    const now = this.#now();
    const recent = (session.subscribedAt.get(channelName) ?? []).filter((at) => now - at < LIMITS.resubscribeWindowMs);
    if (recent.length >= 2) throw new Refusal(-11020);
    session.subscribedAt.set(channelName, [...recent, now]);
  }
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
