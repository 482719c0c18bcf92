export { buildAccessToken, type TokenOptions } from './build-access-token.js';
export {
  buildRtcToken,
  buildRtmToken,
  type RtcRole,
  type RtcTokenOptions,
  type RtmTokenOptions,
} from './build-signaling-tokens.js';
export { AccessTokenError, type AccessTokenErrorCode, AgoraServerError, InvalidArgumentError } from './errors.js';
export { type AccessToken, parseAccessToken } from './parse-access-token.js';
export {
  type OtherGrant,
  PRIVILEGES,
  type Privileges,
  type RtcGrant,
  type RtcPrivilege,
  type Rtm2Grant,
  type Rtm2Permissions,
  type Rtm2ResourceType,
  type RtmGrant,
  SERVICE_TYPES,
  type ServiceGrant,
  type ServiceName,
  type ServicePrivileges,
} from './services.js';
export { type VerifyOptions, verifyAccessToken } from './verify-access-token.js';
