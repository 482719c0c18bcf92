import '../stories.js';
import { SignalingEmulator, serveEmulator } from 'agora-session/emulator';
import { type Result, runTests } from './vitest.js';

/** What a page tells of an attempt. */
export interface Attempt {
  readonly code: unknown;
  readonly message: string;
}

declare global {
  interface Window {
    runTests: () => Promise<readonly Result[]>;
    handOver: (options: { appId?: string; appCertificate?: string }) => Attempt | null;
    serve: () => Promise<Attempt | null>;
  }
}

function attemptOf(error: unknown): Attempt {
  const { code, message } = error as { code?: unknown; message: string };
  return { code, message };
}

window.runTests = runTests;
window.handOver = (options) => {
  try {
    new SignalingEmulator(options);
    return null;
  } catch (error) {
    return attemptOf(error);
  }
};
window.serve = () => serveEmulator(new SignalingEmulator()).then(() => null, attemptOf);
