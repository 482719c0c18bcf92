import type { RTMEvents } from 'agora-rtm-sdk';
import { LIMITS } from '../limits.js';
import type { Operations, TopicSubscriptionReply } from '../protocol.js';
import { messageEvent } from './message-channels.js';
import type { Rooms } from './presence.js';
import { Refusal } from './refusal.js';
import type { Membership, Session } from './session.js';

const NOT_PUBLISHING = 5;
const ALREADY_SUBSCRIBED = 20_001;
const TOO_MANY_USERS = 20_003;

/** Stream channels: who is in them, what topics they publish in and hear. */
export class StreamChannels {
  readonly #rooms: Rooms;
  readonly #now: () => number;

  constructor(rooms: Rooms, now: () => number) {
    this.#rooms = rooms;
    this.#now = now;
  }

  /** Lets a user in. The newcomer hears which topics there are. */
  join(channelName: string, membership: Membership): void {
    const { session, withPresence, beQuiet } = membership;
    const isNew = !session.memberships.has(channelName);
    if (isNew && session.memberships.size >= LIMITS.joinedStreamChannels) throw new Refusal(-11007);
    if (isNew && [...this.#rooms.members('STREAM', channelName)].length >= LIMITS.usersPerStreamChannel)
      throw new Refusal(-11007);
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
    if (topics.has(topicName)) throw new Refusal(-10017);
    if (topics.size >= LIMITS.joinedTopicsPerChannel) throw new Refusal(-11014);
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
    if (!this.#membership(session, channelName).topics.has(topicName)) throw new Refusal(-11016);
    for (const other of this.#rooms.members('STREAM', channelName)) {
      if (!other.memberships.get(channelName)?.heard.get(topicName)?.has(session.userId)) continue;
      const content = { channelName, channelType: 'STREAM', topicName, message, customType } as const;
      other.connection?.push({ kind: 'message', event: messageEvent(session, content, this.#now()) });
    }
  }

  /** Subscribes to users in a topic; without users, to those who publish there now, 64 at most. */
  subscribeTopic(session: Session, request: Operations['subscribeTopic']['request']): TopicSubscriptionReply {
    const { channelName, topicName } = request;
    const { heard } = this.#membership(session, channelName);
    if (!heard.has(topicName) && heard.size >= LIMITS.subscribedTopicsPerChannel) throw new Refusal(-11014);
    const publishers = this.#publishers(channelName, topicName);
    const before = heard.get(topicName) ?? new Set<string>();
    const users =
      request.users ??
      publishers.filter((user) => user !== session.userId && !before.has(user)).slice(0, LIMITS.usersPerTopic);
    const succeeded: string[] = [];
    const failed: TopicSubscriptionReply['failed'][number][] = [];
    heard.set(topicName, before);
    for (const userId of users) {
      const errorCode = subscriptionError(userId, publishers, before);
      if (errorCode === 0) {
        before.add(userId);
        succeeded.push(userId);
      } else failed.push({ userId, errorCode, reason: REASONS.get(errorCode) ?? '' });
    }
    return { succeeded, failed, subscribed: [...before] };
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

  #publishers(channelName: string, topicName: string): string[] {
    return [...this.#rooms.members('STREAM', channelName)]
      .filter((session) => session.memberships.get(channelName)?.topics.has(topicName))
      .map(({ userId }) => userId);
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

const REASONS: ReadonlyMap<number, string> = new Map([
  [NOT_PUBLISHING, 'The remote user does not publish in this topic.'],
  [ALREADY_SUBSCRIBED, 'The user is already subscribed.'],
  [TOO_MANY_USERS, 'Too many users of this topic are subscribed.'],
]);

function subscriptionError(userId: string, publishers: readonly string[], heard: ReadonlySet<string>): number {
  if (heard.has(userId)) return ALREADY_SUBSCRIBED;
  if (!publishers.includes(userId)) return NOT_PUBLISHING;
  return heard.size >= LIMITS.usersPerTopic ? TOO_MANY_USERS : 0;
}

function topicDetail(topicName: string, publishers: RTMEvents.PublishInfo[]): RTMEvents.topicDetail {
  return { topicName, publishers, totalPublisher: publishers.length };
}
