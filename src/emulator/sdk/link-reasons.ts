import type { LinkReasonCode } from '../protocol.js';

/** The text that the SDK gives with each reason code; complete by type, so that new codes of the SDK break the build. */
export const LINK_REASONS: Readonly<Record<LinkReasonCode, string>> = {
  UNKNOWN: 'Unknown',
  LOGIN: 'Perform login operation',
  LOGIN_SUCCESS: 'Login success',
  LOGIN_TIMEOUT: 'Login timeout',
  LOGIN_NOT_AUTHORIZED: 'Login not authorized',
  LOGIN_REJECTED: 'Login rejected',
  RELOGIN: 'Perform login operation again',
  LOGOUT: 'Logout success',
  AUTO_RECONNECT: 'Reconnecting',
  RECONNECT_TIMEOUT: 'Reconnect timeout',
  RECONNECT_SUCCESS: 'Reconnect success',
  JOIN: 'Perform join operation',
  JOIN_SUCCESS: 'Join channel success',
  JOIN_FAILED: 'Join channel failed',
  REJOIN: 'Perform join operation again',
  LEAVE: 'Leave channel success',
  INVALID_TOKEN: 'Invalid token',
  TOKEN_EXPIRED: 'Token expired',
  INCONSISTENT_APP_ID: 'Inconsistent app ID',
  INVALID_CHANNEL_NAME: 'Invalid channel name',
  INVALID_USER_ID: 'Invalid user id',
  NOT_INITIALIZED: 'Not initialized',
  RTM_SERVICE_NOT_CONNECTED: 'RTM service not connected',
  CHANNEL_INSTANCE_EXCEED_LIMITATION: 'Channel instance exceed limitation',
  OPERATION_RATE_EXCEED_LIMITATION: 'Operation rate exceed limitation',
  CHANNEL_IN_ERROR_STATE: 'Channel in error state',
  PRESENCE_NOT_CONNECTED: 'Presence not connected',
  SAME_UID_LOGIN: 'The same uid login on another device',
  KICKED_OUT_BY_SERVER: 'Kicked out by server',
  KEEP_ALIVE_TIMEOUT: 'Keep alive timeout',
  CONNECTION_ERROR: 'Connection error',
  PRESENCE_NOT_READY: 'Presence not ready',
  NETWORK_CHANGE: 'Network change',
  SERVICE_NOT_SUPPORTED: 'Service not supported',
  STREAM_CHANNEL_NOT_AVAILABLE: 'Stream channel not available',
  STORAGE_NOT_AVAILABLE: 'Storage service is not available',
  LOCK_NOT_AVAILABLE: 'Lock service is not available',
  LOGIN_TOO_FREQUENT: 'Login operation is too frequent',
};

/** The reason code that comes with an error code; `otherwise` where the two lists have nothing in common. */
export function reasonOfError(code: number, otherwise: LinkReasonCode = 'UNKNOWN'): LinkReasonCode {
  return REASON_OF_ERROR.get(code) ?? otherwise;
}

const REASON_OF_ERROR: ReadonlyMap<number, LinkReasonCode> = new Map([
  [-10003, 'LOGIN_NOT_AUTHORIZED'],
  [-10005, 'INVALID_TOKEN'],
  [-10006, 'INVALID_USER_ID'],
  [-10008, 'INVALID_CHANNEL_NAME'],
  [-10009, 'TOKEN_EXPIRED'],
  [-10010, 'LOGIN_REJECTED'],
  [-10011, 'LOGIN_TIMEOUT'],
  [-10012, 'LOGIN_REJECTED'],
  [-10013, 'CONNECTION_ERROR'],
  [-10015, 'LOGIN_NOT_AUTHORIZED'],
  [-10016, 'INCONSISTENT_APP_ID'],
  [-10021, 'OPERATION_RATE_EXCEED_LIMITATION'],
  [-10022, 'SERVICE_NOT_SUPPORTED'],
  [-10025, 'CHANNEL_IN_ERROR_STATE'],
  [-11005, 'CHANNEL_INSTANCE_EXCEED_LIMITATION'],
  [-11006, 'CHANNEL_IN_ERROR_STATE'],
  [-11007, 'JOIN_FAILED'],
]);
