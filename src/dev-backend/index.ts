export type { ControlAction } from './controls.js';
export { type Credentials, credentialsFrom, type Environment, refusePublishedCertificate } from './credentials.js';
export { createDevBackend, type DevBackend, type DevBackendOptions, type DevConfig } from './dev-backend.js';
export { readEnvironment } from './environment.js';
export { PATHS } from './routes.js';
