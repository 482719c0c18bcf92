import type { RTMEvents } from 'agora-rtm-sdk';
import { byteLength, type Limits, SIZES } from '../limits.js';
import type { Operations, TopicSubscriptionReply } from '../protocol.js';
import { checkMessageSize, messageEvent } from './message-channels.js';
import type { Rooms } from './presence.js';
import { Refusal } from './refusal.js';
import type { Membership, Session } from './session.js';

const TOPIC_NOT_EXIST = -11017;
const TOO_MANY_USERS = 20_003;

/** What {@link StreamChannels} are made of. */
export interface StreamChannelParts {
  readonly rooms: Rooms;
  readonly now: () => number;
  readonly limits: Limits;
}

/** Stream channels: who is in them, what topics they publish in and hear. */
export class StreamChannels {
  readonly #rooms: Rooms;
  readonly #now: () => number;
  readonly #limits: Limits;

  constructor({ rooms, now, limits }: StreamChannelParts) {
    this.#limits = limits;
    this.#rooms = rooms;
    this.#now = now;
  }

  /** Lets a user in. The newcomer hears which topics there are. */
  join(channelName: string, membership: Membership): void {
    const { session, withPresence, beQuiet } = membership;
    const isNew = !session.memberships.has(channelName);
    const { joinedStreamChannels, usersPerStreamChannel } = this.#limits;
    if (isNew && session.memberships.size >= joinedStreamChannels) throw new Refusal(-11005);
    if (isNew && this.#rooms.size('STREAM', channelName) >= usersPerStreamChannel) throw new Refusal(-11007);
    session.memberships.set(channelName, membership);
    this.#rooms.enter('STREAM', channelName, { session, withPresence, beQuiet });
    this.#sendTopics(channelName, session);
  }

  /** Takes a user's topics away, both those that are published in and those that are heard. */
  empty(session: Session, channelName: string): void {
    const { topics, heard } = this.#membership(session, channelName);
    for (const topicName of [...topics.keys()]) this.leaveTopic(session, { channelName, topicName });
    heard.clear();
  }

  /** Lets a user out, whatever the reason; the others hear of each topic that ends with it. */
  leave(session: Session, channelName: string, how: 'REMOTE_LEAVE' | 'REMOTE_TIMEOUT' = 'REMOTE_LEAVE'): void {
    const membership = session.memberships.get(channelName);
    if (!membership) return;
    for (const topicName of [...membership.topics.keys()]) this.leaveTopic(session, { channelName, topicName });
    membership.timer.stop();
    session.memberships.delete(channelName);
    this.#rooms.leave('STREAM', channelName, session, how);
  }

  joinTopic(session: Session, { channelName, topicName, meta }: Operations['joinTopic']['request']): void {
    const { topics } = this.#membership(session, channelName);
    if (byteLength(meta) > SIZES.topicMetaBytes) throw new Refusal(-11018);
    if (topics.has(topicName)) return;
    if (topics.size >= this.#limits.joinedTopicsPerChannel) throw new Refusal(-11014);
    topics.set(topicName, meta);
    this.#tellTopic('REMOTE_JOIN', session, channelName, topicName, meta);
  }

  leaveTopic(session: Session, { channelName, topicName }: Operations['leaveTopic']['request']): void {
    const { topics } = this.#membership(session, channelName);
    const meta = topics.get(topicName);
    if (meta === undefined) throw new Refusal(-11016);
    topics.delete(topicName);
    for (const other of this.#rooms.members('STREAM', channelName)) {
      other.memberships.get(channelName)?.heard.get(topicName)?.delete(session.userId);
    }
    this.#tellTopic('REMOTE_LEAVE', session, channelName, topicName, meta);
  }

  publish(session: Session, request: Operations['publishTopicMessage']['request']): void {
    const { channelName, topicName, message, customType } = request;
    checkMessageSize(message, customType, SIZES.topicMessageBytes);
    if (!this.#membership(session, channelName).topics.has(topicName)) throw new Refusal(-11016);
    for (const other of this.#rooms.members('STREAM', channelName)) {
      if (!other.memberships.get(channelName)?.heard.get(topicName)?.has(session.userId)) continue;
      const content = { channelName, channelType: 'STREAM', topicName, message, customType } as const;
      other.connection?.push({ kind: 'message', event: messageEvent(session, content, this.#now()) });
    }
  }

  /**
   * Subscribes to users in a topic, be they there or not; without users, to those who publish there now, 64 at most. Who is heard
   * already is in neither list of the answer.
   */
  subscribeTopic(session: Session, request: Operations['subscribeTopic']['request']): TopicSubscriptionReply {
    const { channelName, topicName } = request;
    const { heard } = this.#membership(session, channelName);
    const { subscribedTopicsPerChannel, usersPerTopic } = this.#limits;
    if (!heard.has(topicName) && heard.size >= subscribedTopicsPerChannel) throw new Refusal(-11014);
    const users = heard.get(topicName) ?? new Set<string>();
    const wanted = [...new Set(request.users ?? this.#others(session, channelName, topicName))];
    const unheard = wanted.filter((userId) => !users.has(userId));
    const room = Math.max(0, usersPerTopic - users.size);
    const succeeded = unheard.slice(0, room);
    // Whom nobody named and who finds no room is no failure.
    const failed = request.users ? unheard.slice(room).map(tooMany) : [];
    for (const userId of succeeded) users.add(userId);
    heard.set(topicName, users);
    return { succeeded, failed, subscribed: [...users] };
  }

  /** Unsubscribes from users in a topic, or from the whole topic. */
  unsubscribeTopic(session: Session, request: Operations['unsubscribeTopic']['request']): { subscribed: string[] } {
    const { heard } = this.#membership(session, request.channelName);
    const users = heard.get(request.topicName);
    if (!users) throw new Refusal(-11013);
    for (const user of request.users ?? [...users]) users.delete(user);
    if (users.size === 0) heard.delete(request.topicName);
    return { subscribed: [...users] };
  }

  #membership(session: Session, channelName: string): Membership {
    const membership = session.memberships.get(channelName);
    if (!membership) throw new Refusal(-11001);
    return membership;
  }

  /** Who publishes in a topic besides oneself. */
  #others(self: Session, channelName: string, topicName: string): string[] {
    const publishers = [...this.#rooms.members('STREAM', channelName)].filter((session) =>
      session.memberships.get(channelName)?.topics.has(topicName),
    );
    if (publishers.length === 0) throw new Refusal(TOPIC_NOT_EXIST);
    return publishers.filter((session) => session !== self).map(({ userId }) => userId);
  }

  #sendTopics(channelName: string, newcomer: Session): void {
    const topics = new Map<string, RTMEvents.PublishInfo[]>();
    for (const session of this.#rooms.members('STREAM', channelName)) {
      for (const [topicName, meta] of session.memberships.get(channelName)?.topics ?? []) {
        const publishers = topics.get(topicName) ?? [];
        publishers.push({ publisherUserId: session.userId, publisherMeta: meta });
        topics.set(topicName, publishers);
      }
    }
    const topicInfos = [...topics].map(([topicName, publishers]) => topicDetail(topicName, publishers));
    newcomer.connection?.push({ kind: 'topic', event: this.#topicEvent('SNAPSHOT', channelName, '', topicInfos) });
  }

  #tellTopic(
    eventType: 'REMOTE_JOIN' | 'REMOTE_LEAVE',
    session: Session,
    channelName: string,
    topicName: string,
    meta: string,
  ): void {
    for (const other of this.#rooms.members('STREAM', channelName)) {
      if (other === session) continue;
      const topicInfos = [topicDetail(topicName, [{ publisherUserId: session.userId, publisherMeta: meta }])];
      const event = this.#topicEvent(eventType, channelName, session.userId, topicInfos);
      other.connection?.push({ kind: 'topic', event });
    }
  }

  #topicEvent(
    eventType: RTMEvents.TopicEvent['eventType'],
    channelName: string,
    publisher: string,
    topicInfos: RTMEvents.topicDetail[],
  ): RTMEvents.TopicEvent {
    return { eventType, channelName, publisher, topicInfos, totalTopics: topicInfos.length, timestamp: this.#now() };
  }
}

function tooMany(userId: string): TopicSubscriptionReply['failed'][number] {
  return { userId, errorCode: TOO_MANY_USERS, reason: 'Too many users of this topic are subscribed.' };
}

function topicDetail(topicName: string, publishers: RTMEvents.PublishInfo[]): RTMEvents.topicDetail {
  return { topicName, publishers, totalPublisher: publishers.length };
}
