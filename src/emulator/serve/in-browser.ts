import type { serveEmulator as serveInNode } from './serve-emulator.js';

/** Stands in for the server in pages, to which nobody can connect. */
export const serveEmulator: typeof serveInNode = async () => {
  throw new Error(
    'serveEmulator() listens on a port, which needs Node. In a page, or in a test runner that takes packages for browsers as Jest with jsdom does, sessions use `emulator.sdk` instead.',
  );
};
