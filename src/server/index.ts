export type { AccessTokenService, PrivilegeMap, ResourcePermission } from '../token/access-token-content.js';
export type { TokenAsk } from '../token/wire-format.js';
export type { AccessToken } from './access-token/access-token.js';
export { buildAccessToken, type TokenOptions } from './access-token/build-access-token.js';
export {
  buildRtcToken,
  buildRtmToken,
  type RtcRole,
  type RtcTokenOptions,
  type RtmTokenOptions,
} from './access-token/build-signaling-tokens.js';
export {
  AccessTokenError,
  type AccessTokenErrorCode,
  AgoraServerError,
  InvalidArgumentError,
} from './access-token/errors.js';
export type { TokenExpectation } from './access-token/expected-service.js';
export { parseAccessToken } from './access-token/parse-access-token.js';
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
} from './access-token/services.js';
export { type VerifyOptions, verifyAccessToken } from './access-token/verify-access-token.js';
export { allowAnyone } from './allow-anyone.js';
export type { DecisionEvent, DecisionOutcome } from './decision-event.js';
export type { FetchHandler } from './endpoint.js';
export { type NodeListener, type NodeListenerOptions, toNodeListener } from './node/node-listener.js';
export { type Limiter, type LimitVerdict, type MemoryLimiterOptions, memoryLimiter } from './rate-limiter.js';
export {
  RequestRefusedError,
  /** @deprecated The former name of {@link RequestRefusedError}, which `agora-session` has another class of. */
  RequestRefusedError as TokenRequestError,
} from './request-refused-error.js';
export type { TokenDialect } from './token-dialect.js';
export { createTokenHandler } from './token-handler.js';
export type {
  Authorize,
  CorsOptions,
  GuideRouteOptions,
  IssuedEvent,
  IssuedService,
  TokenHandlerOptions,
} from './token-handler-options.js';
export type { ChannelVerdict, TokenVerdict } from './token-verdict.js';
export { type TranslateOptions, translateTokens } from './translate-tokens.js';
export type { UnrecognisedOptions } from './unrecognised.js';
