import type { StateDetail } from 'agora-rtm-sdk';
import { byteLength, type Limits, SIZES } from '../limits.js';
import type { Operations } from '../protocol.js';
import type { Rooms } from './presence.js';
import { Refusal } from './refusal.js';
import { channelKey, type Session } from './session.js';

const USER_NOT_EXIST = -13011;
const TOO_MANY_CACHED_STATES = -13004;
const STATE_COUNT_OVERFLOW = -13005;
const STATE_VALUE_SIZE = -13009;

/** Who is in a channel. */
export function whoNow(
  rooms: Rooms,
  { channelType, channelName }: Operations['whoNow']['request'],
): Operations['whoNow']['reply'] {
  return { occupants: rooms.occupants(channelType, channelName) };
}

/** Which channels a user is in. */
export function whereNow(session: Session | undefined): Operations['whereNow']['reply'] {
  const messageChannels = [...(session?.subscriptions.values() ?? [])]
    .filter(({ beQuiet }) => !beQuiet)
    .map(({ channelName }) => ({ channelName, channelType: 'MESSAGE' as const }));
  const streamChannels = [...(session?.memberships ?? [])]
    .filter(([, { beQuiet }]) => !beQuiet)
    .map(([channelName]) => ({ channelName, channelType: 'STREAM' as const }));
  return { channels: [...messageChannels, ...streamChannels] };
}

/** Sets some of a user's states in a channel. Where the user is not, they wait for the user's coming. */
export function setState(
  rooms: Rooms,
  session: Session,
  request: Operations['setState']['request'],
  limits: Limits,
): void {
  const { channelType, channelName, states } = request;
  const key = channelKey(channelType, channelName);
  const merged: StateDetail = { ...session.states.get(key), ...states };
  if (Object.keys(merged).length > limits.statesPerUser) throw new Refusal(STATE_COUNT_OVERFLOW);
  if (Object.entries(states).some(([name, value]) => byteLength(name) + byteLength(value) > SIZES.stateBytes)) {
    throw new Refusal(STATE_VALUE_SIZE);
  }
  // Not more channels ahead than the limit, and as many besides as the user is in.
  const most = limits.statesAhead + session.subscriptions.size + session.memberships.size;
  if (!session.states.has(key) && session.states.size >= most) throw new Refusal(TOO_MANY_CACHED_STATES);
  session.states.set(key, merged);
  rooms.stateChanged(channelType, channelName, session, states);
}

/** A user's states in a channel. */
export function getState(
  session: Session | undefined,
  { channelType, channelName }: Operations['getState']['request'],
): Operations['getState']['reply'] {
  if (!session) throw new Refusal(USER_NOT_EXIST);
  return { states: { ...session.states.get(channelKey(channelType, channelName)) } };
}

/** Removes some of a user's states in a channel, or all of them. */
export function removeState(rooms: Rooms, session: Session, request: Operations['removeState']['request']): void {
  const { channelType, channelName, keys } = request;
  const key = channelKey(channelType, channelName);
  const states = { ...session.states.get(key) };
  if (!session.states.has(key)) return;
  const removed = keys ?? Object.keys(states);
  for (const name of removed) delete states[name];
  session.states.set(key, states);
  rooms.stateChanged(channelType, channelName, session, Object.fromEntries(removed.map((name) => [name, ''])));
}
