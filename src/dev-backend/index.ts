export { InvalidArgumentError } from '../server/index.js';
export { isHex32 } from '../token/identifiers.js';
export type { ControlAction } from './controls.js';
export {
  type Credentials,
  certificateIn,
  credentialsFrom,
  type Environment,
  publishedCertificate,
  refusePublishedCertificate,
} from './credentials.js';
export { createDevBackend, type DevBackend, type DevBackendOptions, type DevConfig } from './dev-backend.js';
export { readableCertificates } from './env-files.js';
export { ENV_FILES, readEnvironment } from './environment.js';
export { PATHS } from './routes.js';
