import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import { freePort } from '../support/free-port.js';

const START_TIMEOUT_MS = 60_000;

/** The demo as a reader of the README starts it. */
export interface DemoServer {
  readonly url: string;
  /** Everything that it has printed. */
  readonly output: string;
  stop(): Promise<void>;
}

/** Runs `npm run demo` on a free port, without credentials; resolves when it has said where it is. */
export async function startDemo(environment: Record<string, string>): Promise<DemoServer> {
  const port = await freePort();
  const child = spawn('npm', ['run', 'demo'], {
    // A group of its own, since npm does not pass signals on to what it started.
    detached: true,
    // Empty rather than absent, so that a developer's `.env` does not count either.
    env: { ...process.env, AGORA_APP_ID: '', AGORA_APP_CERTIFICATE: '', ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const url = new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => {
      reject(new Error(`npm run demo gave no address within ${START_TIMEOUT_MS / 1000} s:\n${output}`));
    }, START_TIMEOUT_MS);
    const read = (chunk: Buffer): void => {
      // With CI or FORCE_COLOR in the environment, Vite sets even the port inside the address in bold.
      output += stripVTControlCharacters(chunk.toString());
      const found = /https?:\/\/[\w.:]+\//.exec(output);
      if (!found) return;
      clearTimeout(late);
      resolve(found[0]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', (code) => {
      clearTimeout(late);
      reject(new Error(`npm run demo ended with ${code}:\n${output}`));
    });
  }).catch(async (error: unknown) => {
    await stop(child);
    throw error;
  });
  return {
    url: await url,
    get output(): string {
      return output;
    },
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  process.kill(-child.pid, 'SIGTERM');
  await ended;
}
