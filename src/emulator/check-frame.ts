import { isSignalingName } from '../token/identifiers.js';
import { CALL_FAULT_KINDS } from './faults/call-fault.js';
import { EVENT_FAULT_KINDS } from './faults/event-faults.js';
import type { AnyRequest, ClientFrame } from './frames.js';
import { decodeFrame } from './frames.js';
import { SIZES } from './limits.js';
import { isOperationName, type OperationName, type Operations } from './protocol.js';

type Check = (value: unknown) => boolean;
type Checks<Shape> = { readonly [Field in keyof Shape]-?: Check };
type Fields = Readonly<Record<string, unknown>>;

/** Names are judged by the service; here they must only be short enough to look at. */
const NAME_LENGTH = 256;
const MOST_NAMES = 1000;

const text =
  (maxLength: number): Check =>
  (value) =>
    typeof value === 'string' && value.length <= maxLength;
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const list =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.length <= MOST_NAMES && value.every(check);
const oneOf =
  (...values: readonly string[]): Check =>
  (value) =>
    values.includes(value as string);
const flag: Check = (value) => typeof value === 'boolean';
const count: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const seconds: Check = (value) => typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY;
const name = text(NAME_LENGTH);
const token = text(SIZES.tokenLength);
const payload: Check = (value) => value instanceof Uint8Array || typeof value === 'string';
const states: Check = (value) => {
  const entries = isObject(value) ? Object.entries(value) : null;
  return entries !== null && entries.length <= MOST_NAMES && entries.every(([, state]) => typeof state === 'string');
};

const channel = { channelName: name };
const occupied = { ...channel, channelType: oneOf('MESSAGE', 'STREAM') };
const topic = { ...channel, topicName: name };
const subscription = { ...channel, withMessage: flag, withPresence: flag, beQuiet: flag };
const topicUsers = { ...topic, users: orNull(list(name)) };

/** What every field of every request must be. */
const REQUESTS: { readonly [Name in OperationName]: Checks<Operations[Name]['request']> } = {
  login: {
    appId: name,
    userId: name,
    token,
    cause: oneOf('login', 'reconnect'),
    sessionId: orNull(name),
    resume: flag,
    presenceTimeoutSeconds: seconds,
    restore: list((value) => isObject(value) && picked(subscription, value) !== null),
  },
  logout: {},
  renewToken: { token, channelName: orNull(name) },
  subscribe: subscription,
  unsubscribe: channel,
  publish: {
    ...channel,
    channelType: oneOf('MESSAGE', 'USER'),
    message: payload,
    customType: name,
    storeInHistory: flag,
  },
  join: { ...channel, token, withPresence: flag, beQuiet: flag, again: flag, attempt: count },
  leave: channel,
  joinTopic: { ...topic, meta: text(SIZES.topicMetaBytes) },
  leaveTopic: topic,
  publishTopicMessage: { ...topic, message: payload, customType: name },
  subscribeTopic: topicUsers,
  unsubscribeTopic: topicUsers,
  whoNow: occupied,
  whereNow: { userId: name },
  setState: { ...occupied, states },
  getState: { ...occupied, userId: name },
  getMessages: { ...channel, channelType: oneOf('MESSAGE', 'USER'), start: orNull(count), end: count, count },
  subscribeUserMetadata: { userId: name },
  unsubscribeUserMetadata: { userId: name },
  removeState: { ...occupied, keys: orNull(list(text(SIZES.stateBytes))) },
};

/**
 * Reads what a page has sent: the one place where a stranger's words are looked at. What comes out has the types that it says it has,
 * and nothing besides; null where that cannot be.
 */
export function readClientFrame(written: string): ClientFrame | null {
  const frame = decodeFrame<ClientFrame>(written) as (Fields & { readonly t: string }) | null;
  switch (frame?.t) {
    case 'open':
      return isSignalingName(frame.userId) ? { t: 'open', userId: frame.userId } : null;
    case 'close':
    case 'ping':
      return { t: frame.t };
    case 'struck':
      return struckFrame(frame.report);
    case 'request':
      return requestFrame(frame);
    default:
      return null;
  }
}

function struckFrame(report: unknown): ClientFrame | null {
  const call = { order: count, operation: isOperationName, kind: oneOf(...CALL_FAULT_KINDS) };
  const event = { event: oneOf(...EVENT_FAULT_KINDS) };
  const read = isObject(report) ? (picked(call, report) ?? picked(event, report)) : null;
  return read && ({ t: 'struck', report: read } as unknown as ClientFrame);
}

function requestFrame({ id, name: operation, request }: Fields): ClientFrame | null {
  if (!count(id) || !isOperationName(operation) || !isObject(request)) return null;
  const read = picked(REQUESTS[operation], request);
  return read && { t: 'request', id: id as number, name: operation, request: read as unknown as AnyRequest };
}

/** The fields of a table, if all of them are there and right. */
function picked(checks: Readonly<Record<string, Check>>, fields: Fields): Fields | null {
  const names = Object.keys(checks);
  if (!names.every((field) => Object.hasOwn(fields, field) && checks[field]?.(fields[field]))) return null;
  return Object.fromEntries(names.map((field) => [field, fields[field]]));
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
