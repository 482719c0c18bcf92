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
export { createDevBackend, type DevBackend, type DevBackendOptions, type DevConfig } from './dev-backend.js';
export { readableCertificates } from './env-files.js';
export { ENV_FILES, readEnvironment } from './environment.js';
export type { RequestReport } from './request-report.js';
export { PATHS } from './routes.js';
