import type { Clock } from '../../environment/clock.js';
import type { FaultBoard } from '../faults/fault-board.js';
import type { Limits } from '../limits.js';
import type { Project } from '../project/project.js';
import type { LinkReasonCode, OperationName, Operations, Outcome, StreamEvent } from '../protocol.js';
import { History } from './history.js';
import type { Latency } from './latency.js';
import { Logins } from './logins.js';
import { MessageChannels } from './message-channels.js';
import type { LinkReturn } from './network.js';
import { Rooms } from './presence.js';
import { getState, removeState, setState, whereNow, whoNow } from './presence-requests.js';
import { Refusal } from './refusal.js';
import { answer, done, type Handlers, sessionOf } from './requests.js';
import type { Connection, Session } from './session.js';
import { StreamChannels } from './stream-channels.js';

/** What a {@link SignalingService} is made of. */
export interface ServiceParts {
  readonly project: Project;
  readonly clock: Clock;
  readonly faults: FaultBoard;
  readonly limits: Limits;
  readonly latency: Latency;
  /** How reconnections come out that were ordered so, by user. */
  readonly returns: Map<string, LinkReturn>;
}

/**
 * The service behind the emulator: logins, tokens and their timers, channels. It is synchronous and knows nothing of how its clients
 * reach it; whoever carries a request calls {@link handle}.
 */
export class SignalingService {
  /** How long the ways to and from the service are. */
  readonly latency: Latency;
  readonly #clock: Clock;
  /** What users may have and do. */
  readonly limits: Limits;
  readonly #rooms: Rooms;
  readonly #history = new History();
  readonly #messages: MessageChannels;
  readonly #streams: StreamChannels;
  readonly #logins: Logins;
  readonly #handlers: Handlers;

  constructor({ project, clock, faults, limits, latency, returns }: ServiceParts) {
    this.latency = latency;
    this.#clock = clock;
    this.limits = limits;
    const now = (): number => clock.now();
    this.#rooms = new Rooms(now);
    const history = this.#history;
    this.#messages = new MessageChannels({
      history,
      rooms: this.#rooms,
      now,
      limits,
      sessionOf: (userId) => this.#logins.of(userId),
    });
    this.#streams = new StreamChannels({ rooms: this.#rooms, now, limits });
    this.#logins = new Logins(
      { project, clock, faults, returns },
      {
        subscribe: (session, subscription) => this.#messages.subscribe(session, subscription),
        unsubscribe: (session, channelName, how) => this.#messages.unsubscribe(session, channelName, how),
        join: (channelName, membership) => this.#streams.join(channelName, membership),
        leave: (session, channelName, how) => this.#streams.leave(session, channelName, how),
      },
    );
    this.#handlers = {
      ...this.#sessionHandlers(),
      ...this.#channelHandlers(),
      ...this.#presenceHandlers(),
      ...this.#storageHandlers(),
    };
  }

  /** Ends all logins, and with them every timer; their clients are not told. */
  close(): void {
    for (const session of [...this.sessions()]) this.#logins.logout(session);
    this.#history.clear();
  }

  /** All logins, for inspection. */
  sessions(): Iterable<Session> {
    return this.#logins.all();
  }

  /** Answers one request. */
  handle<Name extends OperationName>(
    connection: Connection,
    name: Name,
    request: Operations[Name]['request'],
  ): Outcome<Operations[Name]['reply']> {
    return answer(this.#handlers, connection, name, request, this.#clock.now());
  }

  /** The answer to a call that is one too many. */
  tooMany(): Outcome<never> {
    const { code, reasonCode } = new Refusal(-10021);
    return { ok: false, code, reasonCode };
  }

  /** The service's time for measuring, milliseconds. */
  nowMs(): number {
    return this.#clock.monotonic();
  }

  /** The link of a client is gone. */
  disconnected(connection: Connection): void {
    this.#logins.disconnected(connection);
  }

  /** Ends a user's login, if there is one. */
  kick(userId: string, reasonCode: LinkReasonCode): void {
    const session = this.#logins.of(userId);
    if (session) this.#logins.end(session, reasonCode);
  }

  /** Lets a user's login token, or that of one stream channel, lapse now, if there is one. */
  expire(userId: string, channelName: string | undefined): void {
    const session = this.#logins.of(userId);
    if (session) this.#logins.expire(session, channelName);
  }

  /** Ends a user's stay in a stream channel, if there is one. */
  endStay(userId: string, channelName: string, reasonCode: LinkReasonCode): void {
    const session = this.#logins.of(userId);
    if (session?.memberships.has(channelName)) this.#logins.endStay(session, channelName, reasonCode);
  }

  /** Changes the link of a user's stay in a stream channel, if there is one. */
  changeStream(userId: string, channelName: string, change: StreamEvent['change']): void {
    const session = this.#logins.of(userId);
    if (!session?.memberships.has(channelName)) return;
    if (change === 'left') {
      this.#logins.putOut(session, channelName);
      return;
    }
    if (change === 'emptied') this.#streams.empty(session, channelName);
    session.connection?.push({ kind: 'stream', channelName, change });
  }

  #sessionHandlers(): Pick<Handlers, 'login' | 'logout' | 'renewToken'> {
    return {
      login: (connection, request) => this.#logins.login(connection, request),
      logout: (connection) => done(this.#logins.logout(sessionOf(connection))),
      renewToken: (connection, request) => done(this.#logins.renewToken(sessionOf(connection), request)),
    };
  }

  #channelHandlers(): Omit<Handlers, 'login' | 'logout' | 'renewToken' | PresenceOperation | StorageOperation> {
    const messages = this.#messages;
    const streams = this.#streams;
    return {
      subscribe: (connection, request) => done(messages.subscribe(sessionOf(connection), request)),
      unsubscribe: (connection, { channelName }) => done(messages.unsubscribe(sessionOf(connection), channelName)),
      publish: (connection, request) => done(messages.publish(sessionOf(connection), request)),
      join: (connection, request) => done(this.#logins.join(sessionOf(connection), request)),
      leave: (connection, { channelName }) => done(streams.leave(sessionOf(connection), channelName)),
      joinTopic: (connection, request) => done(streams.joinTopic(sessionOf(connection), request)),
      leaveTopic: (connection, request) => done(streams.leaveTopic(sessionOf(connection), request)),
      publishTopicMessage: (connection, request) => done(streams.publish(sessionOf(connection), request)),
      subscribeTopic: (connection, request) => streams.subscribeTopic(sessionOf(connection), request),
      unsubscribeTopic: (connection, request) => streams.unsubscribeTopic(sessionOf(connection), request),
    };
  }

  #presenceHandlers(): Pick<Handlers, PresenceOperation> {
    const rooms = this.#rooms;
    return {
      whoNow: (connection, request) => whoNow(rooms, checked(connection, request)),
      whereNow: (connection, { userId }) => whereNow(checked(connection, this.#logins.of(userId))),
      setState: (connection, request) => done(setState(rooms, sessionOf(connection), request, this.limits)),
      getState: (connection, request) => getState(this.#logins.of(request.userId), checked(connection, request)),
      removeState: (connection, request) => done(removeState(rooms, sessionOf(connection), request)),
    };
  }

  #storageHandlers(): Pick<Handlers, StorageOperation> {
    return {
      getMessages: (connection, request) => this.#history.read(checked(connection, request)),
      subscribeUserMetadata: (connection, { userId }) => done(this.#subscribeMetadata(sessionOf(connection), userId)),
      unsubscribeUserMetadata: (connection, { userId }) => done(sessionOf(connection).metadataOf.delete(userId)),
    };
  }

  #subscribeMetadata({ metadataOf }: Session, userId: string): void {
    if (!metadataOf.has(userId) && metadataOf.size >= this.limits.metadataSubscriptions) throw new Refusal(-12017);
    metadataOf.add(userId);
  }
}

type StorageOperation = 'getMessages' | 'subscribeUserMetadata' | 'unsubscribeUserMetadata';
type PresenceOperation = 'whoNow' | 'whereNow' | 'setState' | 'getState' | 'removeState';

/** Lets a request pass that needs a login but nothing of it. */
function checked<Value>(connection: Connection, value: Value): Value {
  sessionOf(connection);
  return value;
}
