export type { ControlAction } from './controls.js';
export { type Credentials, credentialsFrom, type Environment } from './credentials.js';
export { createDevBackend, type DevBackend, type DevBackendOptions, type DevConfig, PATHS } from './dev-backend.js';
export { readEnvironment } from './environment.js';
