import type { ReasonClass } from '../state/reason-class.js';
import type { LinkReasonCode, LinkStateEvent } from './signaling-client.js';

/**
 * Every reason code of agora-rtm-sdk's `linkState` event, after the remedies in its type file and in "Connection states". A code
 * that the SDK gains is missing here and breaks the build.
 */
export const REASON_CLASSES: Readonly<Record<LinkReasonCode, ReasonClass>> = {
  UNKNOWN: 'unknown',
  LOGIN: 'progress',
  LOGIN_SUCCESS: 'success',
  LOGIN_TIMEOUT: 'network',
  LOGIN_NOT_AUTHORIZED: 'configuration',
  LOGIN_REJECTED: 'configuration',
  RELOGIN: 'progress',
  LOGOUT: 'success',
  AUTO_RECONNECT: 'progress',
  RECONNECT_TIMEOUT: 'network',
  RECONNECT_SUCCESS: 'success',
  JOIN: 'progress',
  JOIN_SUCCESS: 'success',
  JOIN_FAILED: 'channel',
  REJOIN: 'progress',
  LEAVE: 'success',
  INVALID_TOKEN: 'token',
  TOKEN_EXPIRED: 'token',
  INCONSISTENT_APP_ID: 'configuration',
  INVALID_CHANNEL_NAME: 'configuration',
  INVALID_USER_ID: 'configuration',
  NOT_INITIALIZED: 'unknown',
  RTM_SERVICE_NOT_CONNECTED: 'network',
  CHANNEL_INSTANCE_EXCEED_LIMITATION: 'configuration',
  OPERATION_RATE_EXCEED_LIMITATION: 'throttled',
  CHANNEL_IN_ERROR_STATE: 'channel',
  PRESENCE_NOT_CONNECTED: 'network',
  SAME_UID_LOGIN: 'displaced',
  KICKED_OUT_BY_SERVER: 'kicked',
  KEEP_ALIVE_TIMEOUT: 'network',
  CONNECTION_ERROR: 'network',
  PRESENCE_NOT_READY: 'network',
  NETWORK_CHANGE: 'network',
  SERVICE_NOT_SUPPORTED: 'configuration',
  STREAM_CHANNEL_NOT_AVAILABLE: 'configuration',
  STORAGE_NOT_AVAILABLE: 'unknown',
  LOCK_NOT_AVAILABLE: 'unknown',
  LOGIN_TOO_FREQUENT: 'throttled',
};

/** Texts that stand for an expired token: the SDK's types say one, Agora's token authentication guide the other. */
const EXPIRED_TEXT = /^(token|ticket) expired$/i;

/** The class of a link state's reason; codes that are not known go by the text. */
export function reasonClass(event: Pick<LinkStateEvent, 'reasonCode' | 'reason'>): ReasonClass {
  if (EXPIRED_TEXT.test(event.reason)) return 'token';
  return Object.hasOwn(REASON_CLASSES, event.reasonCode) ? REASON_CLASSES[event.reasonCode] : 'unknown';
}

/** The SDK is at the same call already, or a stream channel's link is being made (F 2.12). */
export const DUPLICATE_OPERATION = -10017;
/** The link is down. */
export const NOT_CONNECTED = -10025;
/** The channel is not joined, or its link is not CONNECTED. */
export const NOT_JOINED = -11001;
/** A topic is not joined. */
export const TOPIC_NOT_JOINED = -11016;
/** A channel was subscribed to more than twice in 5 s; other throttling lasts a second. */
export const SUBSCRIBED_TOO_OFTEN = -11020;
/** A topic has no publisher. */
export const NO_SUCH_TOPIC = -11017;
/** A login was cancelled by a later login or a logout. */
export const LOGIN_CANCELED = -10023;

/** The class of each error code with which `login`, `renewToken`, `subscribe` and `join` reject (Agora's "Troubleshooting" page). */
const ERROR_CLASSES: ReadonlyMap<number | null, ReasonClass> = new Map<number | null, ReasonClass>([
  [-10005, 'token'], // INVALID_TOKEN
  [-10009, 'token'], // TOKEN_EXPIRED
  [-10003, 'configuration'], // INVALID_APP_ID
  [-10006, 'configuration'], // INVALID_USER_ID
  [-10008, 'configuration'], // INVALID_CHANNEL_NAME
  [-10012, 'configuration'], // LOGIN_REJECTED
  [-10015, 'configuration'], // LOGIN_NOT_AUTHORIZED
  [-10016, 'configuration'], // INCONSISTENT_APPID
  [-10020, 'configuration'], // INVALID_ENCRYPTION_PARAMETER
  [-10022, 'configuration'], // SERVICE_NOT_SUPPORTED
  [-10024, 'configuration'], // INVALID_PRIVATE_CONFIG
  [-10027, 'configuration'], // user ID in use by another client of the page
  [-11005, 'configuration'], // CHANNEL_INSTANCE_EXCEED_LIMITATION
  [-11008, 'configuration'], // INVALID_TOPIC_NAME
  [-11014, 'configuration'], // EXCEED_TOPIC_LIMITATION
  [-11018, 'configuration'], // INVALID_TOPIC_META
  [-11038, 'configuration'], // SUBSCRIBE_PERMISSION_DENIED
  [SUBSCRIBED_TOO_OFTEN, 'throttled'],
  [-10021, 'throttled'], // OPERATION_RATE_EXCEED_LIMITATION
  [NOT_JOINED, 'channel'],
  [TOPIC_NOT_JOINED, 'channel'],
  [-11006, 'channel'], // CHANNEL_IN_ERROR_STATE
  [-11007, 'channel'], // CHANNEL_JOIN_FAILED
  [-10002, 'network'], // NOT_LOGIN
  [-10010, 'network'], // LOGIN_NO_SERVER_RESOURCES
  [-10011, 'network'], // LOGIN_TIMEOUT
  [-10013, 'network'], // LOGIN_ABORTED
  [DUPLICATE_OPERATION, 'network'],
  [LOGIN_CANCELED, 'network'],
  [NOT_CONNECTED, 'network'],
  [-10026, 'network'], // RENEW_TOKEN_TIMEOUT
  [-11019, 'network'], // SUBSCRIBE_TIMEOUT
]);

/** The class of an SDK error code; null stands for an error without one. */
export function errorClass(code: number | null): ReasonClass {
  return ERROR_CLASSES.get(code) ?? 'unknown';
}
