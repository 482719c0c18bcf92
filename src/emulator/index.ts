export * from './in-process.js';
export { type ServedEmulator, type ServeEmulatorOptions, serveEmulator } from './serve/serve-emulator.js';
