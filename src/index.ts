export type { Clock } from './environment/clock.js';
export type { Logger } from './environment/logger.js';
export type { WakeSource } from './environment/wake.js';
export type { KeptJoinOptions, KeptPublishOptions, KeptSubscribeOptions } from './session/call-options.js';
export type { LoginOptions } from './session/login-callers.js';
export type { SdkModule } from './session/sdk/load-sdk.js';
export type { SignalingClient, SignalingEventMap, SignalingSdk } from './session/sdk/signaling-client.js';
export type { SessionEvents } from './session/session-events.js';
export { SessionManager } from './session/session-manager.js';
export type { SessionManagerOptions } from './session/session-options.js';
export type {
  Decision,
  DecisionSubject,
  EndedSubscription,
  InspectedSdkEvent,
  InspectionEvent,
} from './session/state/inspection-event.js';
export type { ReasonClass } from './session/state/reason-class.js';
export type { AsJson, SessionCounters, SessionDiagnostics } from './session/state/session-diagnostics.js';
export { SessionError, type SessionErrorCode } from './session/state/session-error.js';
export type {
  ChannelState,
  RecoveryCause,
  RestoreCause,
  RestoreResult,
  SessionSnapshot,
  SessionState,
  SubscriptionSnapshot,
  TokenSnapshot,
} from './session/state/session-state.js';
export type { QueueOptions } from './session/wanted/queue-options.js';
export type { StreamChannelHandle, TopicMessageOptions } from './session/wanted/stream-channel.js';
export type { WhenStateOptions } from './session/when-state.js';
export type {
  AccessTokenInfo,
  AccessTokenService,
  PrivilegeMap,
  ResourcePermission,
} from './token/access-token-content.js';
export type { HeadersRequest, HeaderValues, HttpOptions, TokenRequestHeaders } from './token/http-options.js';
export { type HttpTokenSourceOptions, httpTokenSource } from './token/http-token-source.js';
export { readAccessToken } from './token/load-token-reader.js';
export type { RefreshPolicy } from './token/refresh-schedule.js';
export type { RetryPolicy } from './token/retry-schedule.js';
export { type PlainCause, type RefusalDetails, type TokenErrorCode, TokenRequestError } from './token/token-failure.js';
export { TokenFormatError } from './token/token-format-error.js';
export {
  type RenewalCause,
  TokenDeniedError,
  type TokenGrant,
  type TokenRefusal,
  type TokenRequest,
  type TokenResponse,
  type TokenSource,
  type TokenTarget,
} from './token/token-source.js';
export {
  agoraTokenServiceSource,
  guideTokenSource,
  type SingleTokenRequest,
  type SingleTokenServerOptions,
  type SingleTokenSourceOptions,
  singleTokenSource,
} from './token/token-source-presets.js';
