// What `agora-session/emulator` is wherever a bundler builds for browsers.
export * from './in-process.js';
export { serveEmulator } from './serve/in-browser.js';
