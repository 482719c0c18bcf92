import { isSignalingName } from '../../token/identifiers.js';
import { isTopicName } from '../limits.js';
import type { Nothing, OperationName, Operations, Outcome } from '../protocol.js';
import { Refusal } from './refusal.js';
import type { Connection, Session } from './session.js';

const NOT_LOGGED_IN = -10002;
const SERVICE_NOT_SUPPORTED = -10022;

/** What answers each request. */
export type Handlers = {
  readonly [Name in OperationName]: (
    connection: Connection,
    request: Operations[Name]['request'],
  ) => Operations[Name]['reply'];
};

/** Runs a handler and turns its refusal into an answer. */
export function answer<Name extends OperationName>(
  handlers: Handlers,
  connection: Connection,
  name: Name,
  request: Operations[Name]['request'],
  timestamp: number,
): Outcome<Operations[Name]['reply']> {
  try {
    if (!Object.hasOwn(handlers, name)) throw new Refusal(SERVICE_NOT_SUPPORTED);
    checkNames(request);
    return { ok: true, reply: handlers[name](connection, request), timestamp };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, code: error.code, reasonCode: error.reasonCode };
  }
}

/** Clients check names before they ask; what comes over a socket may not be one of our clients. */
function checkNames(request: { channelName?: unknown; topicName?: unknown; userId?: unknown }): void {
  const { channelName, topicName, userId } = request;
  if (channelName !== undefined && channelName !== null && !isSignalingName(channelName)) throw new Refusal(-10008);
  if (topicName !== undefined && !isTopicName(topicName)) throw new Refusal(-11008);
  if (userId !== undefined && !isSignalingName(userId)) throw new Refusal(-10006);
}

/** The login that a request comes from. */
export function sessionOf(connection: Connection): Session {
  if (!connection.session) throw new Refusal(NOT_LOGGED_IN);
  return connection.session;
}

/** The answer of a request that only has an effect. */
export function done(_effect: unknown): Nothing {
  return {};
}
