import type { Clock } from '../../environment/clock.js';
import type { FaultDesk } from '../faults/fault-orders.js';
import type { Project } from '../project/project.js';
import type { LinkReasonCode, LoginReply, LoginRequest, Operations, Subscription } from '../protocol.js';
import type { LinkReturn } from './network.js';
import { Refusal } from './refusal.js';
import type { Connection, Membership, Session } from './session.js';
import { checkLoginToken, checkStreamToken } from './token-check.js';
import { TokenTimer } from './token-timer.js';

/** No session waits longer than this for its client. */
const MOST_PRESENCE_SECONDS = 300;

/** Faults of a subscription that leave nothing at the service, at least not in time. */
const WITHOUT_EFFECT: ReadonlySet<string> = new Set(['refuse', 'hang', 'lateEffect']);

/** What {@link Logins} are made of. */
export interface LoginParts {
  readonly project: Project;
  readonly clock: Clock;
  readonly faults: FaultDesk;
  readonly returns: Map<string, LinkReturn>;
}

/** What logins need from the channels. */
export interface ChannelDoors {
  subscribe(session: Session, subscription: Subscription): void;
  unsubscribe(session: Session, channelName: string, how: 'REMOTE_LEAVE' | 'REMOTE_TIMEOUT'): void;
  join(channelName: string, membership: Membership): void;
  leave(session: Session, channelName: string, how: 'REMOTE_LEAVE' | 'REMOTE_TIMEOUT'): void;
}

/**
 * The logins, one for each user at most, with their tokens and the tokens of the stream channels they are in. A later login of a user
 * ends the earlier one.
 */
export class Logins {
  readonly #project: Project;
  readonly #clock: Clock;
  readonly #faults: FaultDesk;
  readonly #returns: Map<string, LinkReturn>;
  readonly #doors: ChannelDoors;
  readonly #sessions = new Map<string, Session>();
  /** Why a login ended whose client could not be told, by user; it hears of it when it tries to come back. */
  readonly #untold = new Map<string, { readonly sessionId: string; readonly reasonCode: LinkReasonCode }>();
  /** Tokens that were declared lapsed before their time. */
  readonly #lapsed = new Set<string>();
  #count = 0;

  constructor({ project, clock, faults, returns }: LoginParts, doors: ChannelDoors) {
    this.#returns = returns;
    this.#project = project;
    this.#clock = clock;
    this.#faults = faults;
    this.#doors = doors;
  }

  /** All logins. */
  all(): Iterable<Session> {
    return this.#sessions.values();
  }

  /** A user's login. */
  of(userId: string): Session | undefined {
    return this.#sessions.get(userId);
  }

  /** Lets a client in: into its old session where that is wanted and still there, else into a new one. */
  login(connection: Connection, request: LoginRequest): LoginReply {
    if (request.userId !== connection.userId) throw new Refusal(-10006);
    if (request.appId !== this.#project.appId) throw new Refusal(-10003);
    this.#refuseEnded(request);
    const expiresAt = this.#checkLogin(request.token, request.userId);
    const current = this.#sessions.get(request.userId);
    const returns = this.#returnOf(request);
    const resumes = (request.resume && returns !== 'emptied') || (returns !== null && returns !== 'emptied');
    if (current && resumes && current.id === request.sessionId) {
      if (typeof returns === 'object') this.#lose(current, returns?.lost ?? []);
      const resumed = returns === null || returns === 'resumed';
      return { ...this.#resume(current, connection, request, expiresAt), resumed };
    }
    if (current && current.id === request.sessionId) this.#remove(current, 'REMOTE_LEAVE');
    else if (current) this.end(current, 'SAME_UID_LOGIN');
    this.#untold.delete(request.userId);
    return this.#begin(connection, request, expiresAt);
  }

  /** Ends a login on the user's own wish. */
  logout(session: Session): void {
    this.#remove(session, 'REMOTE_LEAVE');
  }

  /** Puts a new token in the place of the login's or a stream channel's. */
  renewToken(session: Session, { token, channelName }: Operations['renewToken']['request']): void {
    if (channelName === null) {
      session.timer.start(token, this.#checkLogin(token, session.userId));
      return;
    }
    const membership = session.memberships.get(channelName);
    if (!membership) throw new Refusal(-11001);
    membership.timer.start(token, this.#checkStream(token, channelName, session.userId));
  }

  /** Lets a user into a stream channel for as long as the token allows. */
  join(session: Session, request: Operations['join']['request']): void {
    const { channelName, token, withPresence, beQuiet, attempt } = request;
    const known = session.memberships.get(channelName);
    if (known && (request.again || attempt < known.attempt)) {
      this.#doors.join(channelName, { ...known, withPresence, beQuiet });
      return;
    }
    if (request.again) throw new Refusal(-11001);
    const expiresAt = this.#checkStream(token, channelName, session.userId);
    // A stay that its client knows nothing of, since the answer was lost, makes way for the new one.
    if (known) this.#doors.leave(session, channelName, 'REMOTE_LEAVE');
    const timer = new TokenTimer(this.#clock, {
      warn: () => session.connection?.push({ kind: 'will-expire', channelName }) ?? false,
      end: () => this.endStay(session, channelName, 'TOKEN_EXPIRED'),
    });
    const [topics, heard] = [new Map<string, string>(), new Map<string, Set<string>>()];
    this.#doors.join(channelName, { session, withPresence, beQuiet, attempt, timer, topics, heard });
    timer.start(token, expiresAt);
  }

  /** The link of a client is gone. Its session waits for it as long as the presence time-out says. */
  disconnected(connection: Connection): void {
    const { session } = connection;
    connection.session = null;
    if (session?.connection !== connection) return;
    session.connection = null;
    session.absence = this.#clock.setTimeout(() => this.#remove(session, 'REMOTE_TIMEOUT'), session.presenceTimeoutMs);
  }

  /** Ends a login on the service's wish, and tells its client why, now or when it tries to come back. */
  end(session: Session, reasonCode: LinkReasonCode): void {
    const told = session.connection?.push({ kind: 'ended', channelName: null, reasonCode }) ?? false;
    if (!told) this.#untold.set(session.userId, { sessionId: session.id, reasonCode });
    this.#remove(session, 'REMOTE_LEAVE');
  }

  /** Ends a stay in one stream channel on the service's wish. */
  endStay(session: Session, channelName: string, reasonCode: LinkReasonCode): void {
    const told = session.connection?.push({ kind: 'ended', channelName, reasonCode }) ?? false;
    if (!told) session.endedChannels.set(channelName, reasonCode);
    this.#doors.leave(session, channelName, 'REMOTE_LEAVE');
  }

  /** Takes a user out of a stream channel although the user did not ask; the client hears that it has left. */
  putOut(session: Session, channelName: string): void {
    session.connection?.push({ kind: 'stream', channelName, change: 'left' });
    this.#doors.leave(session, channelName, 'REMOTE_LEAVE');
  }

  /** Makes a token that is in use lapse now; it stays lapsed. */
  expire(session: Session, channelName: string | undefined): void {
    const timer = channelName === undefined ? session.timer : session.memberships.get(channelName)?.timer;
    if (!timer) return;
    if (this.#project.appCertificate !== null) this.#lapsed.add(timer.token);
    if (channelName === undefined) this.end(session, 'TOKEN_EXPIRED');
    else this.endStay(session, channelName, 'TOKEN_EXPIRED');
  }

  #begin(connection: Connection, request: LoginRequest, expiresAt: number | null): LoginReply {
    this.#count += 1;
    const session: Session = {
      id: `session-${this.#count}`,
      userId: request.userId,
      connection,
      timer: new TokenTimer(this.#clock, {
        warn: () => this.#warn(session),
        end: () => this.end(session, 'TOKEN_EXPIRED'),
      }),
      presenceTimeoutMs: Math.min(request.presenceTimeoutSeconds, MOST_PRESENCE_SECONDS) * 1000,
      absence: null,
      subscriptions: new Map(),
      memberships: new Map(),
      states: new Map(),
      subscribedAt: new Map(),
      metadataOf: new Set(),
      endedChannels: new Map(),
    };
    // A link carries one login: one that it carried before would have nobody to end it.
    if (connection.session) this.#remove(connection.session, 'REMOTE_LEAVE');
    connection.session = session;
    this.#sessions.set(session.userId, session);
    session.timer.start(request.token, expiresAt);
    for (const subscription of request.restore) this.#restore(session, subscription);
    return {
      sessionId: session.id,
      resumed: false,
      subscribed: [...session.subscriptions.keys()],
      joined: [],
      ended: [],
    };
  }

  #resume(session: Session, connection: Connection, request: LoginRequest, expiresAt: number | null): LoginReply {
    if (session.connection) session.connection.session = null;
    this.#clock.clearTimeout(session.absence);
    session.absence = null;
    session.connection = connection;
    connection.session = session;
    session.timer.start(request.token, expiresAt);
    const ended = [...session.endedChannels].map(([channelName, reasonCode]) => ({ channelName, reasonCode }));
    session.endedChannels.clear();
    for (const { timer } of [session, ...session.memberships.values()]) timer.remind();
    const [subscribed, joined] = [[...session.subscriptions.keys()], [...session.memberships.keys()]];
    return { sessionId: session.id, resumed: true, subscribed, joined, ended };
  }

  /** How this reconnection was ordered to come out; that counts once. */
  #returnOf({ cause, userId, sessionId }: LoginRequest): LinkReturn | null {
    if (cause !== 'reconnect' || sessionId === null) return null;
    const returns = this.#returns.get(userId) ?? null;
    this.#returns.delete(userId);
    return returns;
  }

  #lose(session: Session, channelNames: readonly string[]): void {
    for (const channelName of channelNames) {
      this.#doors.unsubscribe(session, channelName, 'REMOTE_LEAVE');
      this.#doors.leave(session, channelName, 'REMOTE_LEAVE');
    }
  }

  /** What the SDK restores by itself at a login: it hides what does not work. */
  #restore(session: Session, subscription: Subscription): void {
    try {
      const address = {
        operation: 'subscribe',
        userId: session.userId,
        channelName: subscription.channelName,
      } as const;
      const fault = this.#faults.take('wire', address);
      if (!fault || !WITHOUT_EFFECT.has(fault.kind)) this.#doors.subscribe(session, subscription);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
    }
  }

  /** A client whose session was ended behind its back is told so; a call of `login` starts afresh instead. */
  #refuseEnded({ userId, cause, sessionId }: LoginRequest): void {
    if (cause !== 'reconnect' || sessionId === null) return;
    const current = this.#sessions.get(userId);
    const untold = this.#untold.get(userId);
    if (untold?.sessionId === sessionId) {
      this.#untold.delete(userId);
      throw new Refusal(-10013, untold.reasonCode);
    }
    if (current && current.id !== sessionId) throw new Refusal(-10013, 'SAME_UID_LOGIN');
  }

  #warn(session: Session): boolean {
    const told = session.connection?.push({ kind: 'will-expire', channelName: '' }) ?? false;
    const messageChannels = [...session.subscriptions.keys()];
    const reason = 'The token is about to expire';
    const event = {
      eventType: 'WILL_EXPIRE',
      reason,
      affectedResources: { messageChannels },
      timestamp: this.#clock.now(),
    } as const;
    if (told) session.connection?.push({ kind: 'token', event });
    return told;
  }

  #remove(session: Session, how: 'REMOTE_LEAVE' | 'REMOTE_TIMEOUT'): void {
    this.#clock.clearTimeout(session.absence);
    session.timer.stop();
    for (const channelName of [...session.memberships.keys()]) this.#doors.leave(session, channelName, how);
    for (const channelName of [...session.subscriptions.keys()]) this.#doors.unsubscribe(session, channelName, how);
    if (session.connection) session.connection.session = null;
    session.connection = null;
    if (this.#sessions.get(session.userId) === session) this.#sessions.delete(session.userId);
  }

  #checkLogin(token: string, userId: string): number | null {
    if (this.#lapsed.has(token)) throw new Refusal(-10009);
    return checkLoginToken(this.#project, token, userId, this.#clock.now());
  }

  #checkStream(token: string, channelName: string, userId: string): number | null {
    if (this.#lapsed.has(token)) throw new Refusal(-10009);
    return checkStreamToken(this.#project, token, channelName, userId, this.#clock.now());
  }
}
