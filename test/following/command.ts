import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** A server that a command started. */
export interface StartedServer {
  /** Where it says that it is. */
  readonly url: string;
  /** Ends it with all that it started. */
  stop(): Promise<void>;
}

const LIMIT_MS = 300_000;
/** How long what is interrupted may take to end. */
const PATIENCE_MS = 10_000;

/**
 * Gives a command to the shell, as a reader would: a command that ends has to end well, and one that says at which address of localhost it
 * serves goes on.
 *
 * @returns the server; null where the command ended
 * @throws Error with what the command printed
 */
export async function carryOut(
  command: string,
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<StartedServer | null> {
  const { NODE_ENV: _, ...env } = { ...process.env, ...environment };
  // A group of its own, since it starts processes of its own.
  const child = spawn('sh', ['-c', command], { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const stop = async (): Promise<void> => {
    const { pid } = child;
    if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    // As a reader's Ctrl-C. What it started writes on until it has ended too, and its output is closed only then.
    const ended = once(child, 'close');
    const kill = setTimeout(() => process.kill(-pid, 'SIGKILL'), PATIENCE_MS);
    process.kill(-pid, 'SIGINT');
    await ended;
    clearTimeout(kill);
  };
  const limit = setTimeout(stop, LIMIT_MS);
  try {
    return await new Promise((resolve, reject) => {
      const read = (chunk: Buffer): void => {
        printed += stripVTControlCharacters(String(chunk));
        const [url] = /http:\/\/localhost:\d+(?=\D)/.exec(printed) ?? [];
        if (url) resolve({ url, stop });
      };
      child.stdout.on('data', read);
      child.stderr.on('data', read);
      child.once('error', reject);
      child.once('close', (code) =>
        code === 0 ? resolve(null) : reject(new Error(`${command} ended with ${code}:\n${printed.slice(-3000)}`)),
      );
    });
  } finally {
    clearTimeout(limit);
  }
}
