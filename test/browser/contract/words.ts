/** Errors and link states that the contract speaks of more than once. Errors still lack their operation where several have them. */
export const NOT_CONNECTED =
  'RtmInvalidStatusError: Error Code -10025 - Perform operation failed due to RTM service is not connected.';
export const NOT_JOINED = 'RtmUnavailableError: Error Code -11001 - Perform operation without join stream channel.';
export const BAD_TOKEN = 'RtmInvalidArgumentError: Error Code -10005 - Invalid token.';
export const OTHER_APP = 'RtmInvalidArgumentError: Error Code -10016 - The appid is not consistent.';
export const BAD_USER =
  'RtmInvalidArgumentError: Error Code -10006 - Invalid user id. illegal symbol or too long. (initRTM)';
export const TAKEN =
  'RtmUnavailableError: Error Code -10027 - The user ID is already in use by another active RTM instance with the same app ID. (initRTM)';
export const BAD_CHANNEL =
  'RtmInvalidArgumentError: Error Code -10008 - Invalid channel name. illegal symbol or too long.';
export const BAD_TYPE =
  'RtmInvalidArgumentError: Error Code -10019 - Invalid channel type, some api not support set channel type as user.';
export const DUPLICATE = 'RtmUnavailableError: Error Code -10017 - Same subscribe, join or login request. (login)';
export const CANCELLED = 'RtmUnavailableError: Error Code -10023 - Login RTM service was canceled by user. (login)';
export const LOGIN = 'MESSAGE IDLE>CONNECTING LOGIN/LOGIN';
export const RECONNECT = 'MESSAGE DISCONNECTED>CONNECTING AUTO_RECONNECT/AUTO_RECONNECT';
export const TIMED_OUT = 'MESSAGE CONNECTING>DISCONNECTED SERVER_TIMEOUT/LOGIN_TIMEOUT';
