import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignalingEmulator, serveEmulator } from 'agora-session/emulator';
import { build } from 'esbuild';
import { appCertificate, appId } from '../runtimes/kit.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const GLOBAL = 'agoraSdkOfThisTest';
/** What only the emulator's client says, however it is bundled. */
const WORDS_OF_THE_EMULATOR = 'This platform has no WebSocket';

/** Takes Agora's place for the pages of a real project, which no machine of a test reaches. */
export interface Agora {
  /** What a page runs before its own code, so that the stand-in for Agora's SDK finds the local Signaling. */
  readonly script: string;
  /** Who is logged in. */
  users(): string[];
  close(): Promise<void>;
}

/** Serves a local Signaling for the project of the tests. */
export async function serveAgora(): Promise<Agora> {
  const emulator = new SignalingEmulator({ appId, appCertificate });
  const served = await serveEmulator(emulator, { origins: ['*'] });
  const contents = `import { connectEmulator } from 'agora-session/emulator/client';
    globalThis.${GLOBAL} = connectEmulator(${JSON.stringify(served.url)});`;
  const stdin = { contents, resolveDir: root };
  const { outputFiles } = await build({ stdin, bundle: true, write: false, format: 'iife', target: 'es2022' });
  const script = outputFiles.map(({ text }) => text).join('');
  if (!hasEmulator(script)) throw new Error(`The emulator's client says no longer "${WORDS_OF_THE_EMULATOR}".`);
  return {
    script,
    users: () => emulator.inspect().users.map(({ userId }) => userId),
    async close() {
      await served.close();
      emulator.close();
    },
  };
}

/** Whether code has the emulator's client in it. */
export function hasEmulator(code: string): boolean {
  return code.includes(WORDS_OF_THE_EMULATOR);
}

/** Puts a stand-in into the place of the Signaling SDK that is installed in an app. */
export function replaceSdk(app: string): void {
  const folder = join(app, 'node_modules', 'agora-rtm-sdk');
  const { main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { main: string };
  writeFileSync(join(folder, main), `module.exports = globalThis.${GLOBAL};\n`);
}
