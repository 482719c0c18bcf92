export type { AccessTokenService, PrivilegeMap, ResourcePermission } from '../token/access-token-content.js';
export { allowAnyone } from './allow-anyone.js';
export { buildAccessToken, type TokenOptions } from './build-access-token.js';
export {
  buildRtcToken,
  buildRtmToken,
  type RtcRole,
  type RtcTokenOptions,
  type RtmTokenOptions,
} from './build-signaling-tokens.js';
export type { FetchHandler } from './endpoint.js';
export { AccessTokenError, type AccessTokenErrorCode, AgoraServerError, InvalidArgumentError } from './errors.js';
export { toNodeListener } from './node-listener.js';
export { type AccessToken, parseAccessToken } from './parse-access-token.js';
export { type Limiter, type LimitVerdict, type MemoryLimiterOptions, memoryLimiter } from './rate-limiter.js';
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
export { createTokenHandler } from './token-handler.js';
export type {
  Authorize,
  CorsOptions,
  GuideRouteOptions,
  IssuedEvent,
  IssuedService,
  TokenHandlerOptions,
} from './token-handler-options.js';
export { TokenRequestError } from './token-request-error.js';
export type { ChannelVerdict, TokenAsk, TokenVerdict } from './token-verdict.js';
export { type TokenDialect, translateTokens } from './translate-tokens.js';
export { type VerifyOptions, verifyAccessToken } from './verify-access-token.js';
