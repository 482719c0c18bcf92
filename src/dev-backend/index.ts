export { InvalidArgumentError } from '../server/index.js';
export { isHex32 } from '../token/identifiers.js';
export { checkBackendOptions } from './check-options.js';
export type { ControlAction } from './controls.js';
export {
  type Credentials,
  certificateIn,
  credentialsFrom,
  type Environment,
  MADE_UP_APP_ID,
  publishedCertificate,
  refusePublishedCertificate,
  throwawayCredentials,
} from './credentials.js';
export { createDevBackend, type DevBackend } from './dev-backend.js';
export type { DevBackendOptions, DevConfig } from './dev-backend-options.js';
export { readableCertificates } from './env-files.js';
export { ENV_FILES, readEnvironment } from './environment.js';
export { PATHS } from './paths.js';
export type { RequestReport } from './request-report.js';
