import type { RTMEvents, StateDetail } from 'agora-rtm-sdk';
import type { Occupant, OccupiedChannelType } from '../protocol.js';
import { channelKey, type Session } from './session.js';

/** How one user is in one channel. */
export interface Presence {
  readonly session: Session;
  readonly withPresence: boolean;
  readonly beQuiet: boolean;
}

/** Who is in which channel, for both kinds of channels, and the events that tell of it. */
export class Rooms {
  readonly #now: () => number;
  readonly #rooms = new Map<string, Map<Session, Presence>>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Comes in: gets a snapshot, and the others hear of it. A second time only changes how. */
  enter(type: OccupiedChannelType, name: string, presence: Presence): void {
    const key = channelKey(type, name);
    const room = this.#rooms.get(key) ?? new Map<Session, Presence>();
    this.#rooms.set(key, room);
    const before = room.get(presence.session);
    room.set(presence.session, presence);
    const { session } = presence;
    if (presence.withPresence) {
      const snapshot = this.occupants(type, name).map(({ userId, states }) => {
        return { userId, states: { ...states }, statesCount: Object.keys(states).length };
      });
      session.connection?.push({
        kind: 'presence',
        event: { ...this.#event('SNAPSHOT', type, name, session), snapshot },
      });
    }
    if ((!before || before.beQuiet) && !presence.beQuiet) this.#tell('REMOTE_JOIN', type, name, session);
  }

  /** Goes out. */
  leave(type: OccupiedChannelType, name: string, session: Session, how: 'REMOTE_LEAVE' | 'REMOTE_TIMEOUT'): void {
    const key = channelKey(type, name);
    const room = this.#rooms.get(key);
    const presence = room?.get(session);
    if (!room || !presence) return;
    room.delete(session);
    if (room.size === 0) this.#rooms.delete(key);
    session.states.delete(key);
    if (!presence.beQuiet) this.#tell(how, type, name, session);
  }

  /** Everyone in a channel, the quiet ones too. */
  members(type: OccupiedChannelType, name: string): Iterable<Session> {
    return this.#rooms.get(channelKey(type, name))?.keys() ?? [];
  }

  /** How many are in a channel. */
  size(type: OccupiedChannelType, name: string): number {
    return this.#rooms.get(channelKey(type, name))?.size ?? 0;
  }

  /** Whether a user is in a channel. */
  has(type: OccupiedChannelType, name: string, session: Session): boolean {
    return this.#rooms.get(channelKey(type, name))?.has(session) ?? false;
  }

  /** Those in a channel who are not quiet. */
  occupants(type: OccupiedChannelType, name: string): Occupant[] {
    const key = channelKey(type, name);
    return [...(this.#rooms.get(key)?.values() ?? [])]
      .filter(({ beQuiet }) => !beQuiet)
      .map(({ session }) => ({ userId: session.userId, states: session.states.get(key) ?? {} }));
  }

  /** Tells a channel that a user's states have changed, if the user is there. */
  stateChanged(type: OccupiedChannelType, name: string, session: Session, states: StateDetail): void {
    if (this.has(type, name, session)) this.#tell('REMOTE_STATE_CHANGED', type, name, session, states);
  }

  #tell(
    eventType: RTMEvents.PresenceEvent['eventType'],
    type: OccupiedChannelType,
    name: string,
    session: Session,
    states: StateDetail = {},
  ): void {
    for (const other of this.#rooms.get(channelKey(type, name))?.values() ?? []) {
      if (other.session === session || !other.withPresence) continue;
      const event = { ...this.#event(eventType, type, name, session), stateChanged: { ...states } };
      other.session.connection?.push({ kind: 'presence', event });
    }
  }

  #event(
    eventType: RTMEvents.PresenceEvent['eventType'],
    channelType: OccupiedChannelType,
    channelName: string,
    { userId }: Session,
  ): RTMEvents.PresenceEvent {
    return {
      eventType,
      channelType,
      channelName,
      publisher: userId,
      stateChanged: {},
      interval: null,
      snapshot: null,
      timestamp: this.#now(),
    };
  }
}
