export type { ControlAction } from './controls.js';
export {
  type Credentials,
  certificateIn,
  credentialsFrom,
  type Environment,
  publishedCertificate,
  refusePublishedCertificate,
} from './credentials.js';
export { createDevBackend, type DevBackend } from './dev-backend.js';
export type { DevBackendOptions, DevConfig } from './dev-backend-options.js';
export { readableCertificates } from './env-files.js';
export { ENV_FILES, readEnvironment } from './environment.js';
export { PATHS } from './routes.js';
