import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { httpTokenSource } from 'agora-session';
import { logIn } from '../examples/log-in.js';
import { freePort } from '../support/free-port.js';
import { appCertificate, appId } from './kit.js';

/** An example that only its framework can start, tried as its reader would: copied into an app that has the packed package. */
export interface Framework {
  readonly name: string;
  /** Relative to `examples/`. */
  readonly example: string;
  readonly packages: readonly string[];
  /** Where the framework looks for variables. */
  readonly variables: string;
  start(port: number): readonly string[];
}

const INSTALL_TIMEOUT_MS = 300_000;
const START_TIMEOUT_MS = 90_000;
const execute = promisify(execFile);

/** Next.js in development, and a Worker as `wrangler dev` runs it. */
export const frameworks: readonly Framework[] = [
  {
    name: 'Next.js',
    example: 'nextjs',
    packages: ['next@16', 'react@19', 'react-dom@19', 'typescript@5', '@types/react@19', '@types/node@20'],
    variables: '.env.local',
    start: (port) => ['next', 'dev', '--port', String(port)],
  },
  {
    name: 'Wrangler',
    example: 'cloudflare-worker',
    packages: ['wrangler@4'],
    variables: '.dev.vars',
    start: (port) => ['wrangler', 'dev', '--port', String(port)],
  },
];

/** Packs the built package; answers the file. */
export async function packPackage(root: string, into: string): Promise<string> {
  rmSync(into, { recursive: true, force: true }); // an earlier version's may lie there
  mkdirSync(into, { recursive: true });
  await execute('npm', ['pack', '--ignore-scripts', '--pack-destination', into], { cwd: root });
  const [file] = readdirSync(into).filter((name) => name.endsWith('.tgz'));
  if (!file) throw new Error('npm pack made no file.');
  return join(into, file);
}

/** Starts an example and logs in with what it serves. @throws Error that says what did not hold. */
export async function tryFramework(framework: Framework, root: string, pack: string): Promise<void> {
  // Not beside the project's dependencies: what lies below node_modules is no app to a bundler.
  const folder = mkdtempSync(join(tmpdir(), `agora-session-${framework.example}-`));
  try {
    await installApp(framework, folder, root, pack);
    await serveLogin(framework, folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function installApp(framework: Framework, folder: string, root: string, pack: string): Promise<void> {
  cpSync(join(root, 'examples', framework.example), folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(folder, framework.variables), `AGORA_APP_ID=${appId}\nAGORA_APP_CERTIFICATE=${appCertificate}\n`);
  const install = ['install', '--no-audit', '--no-fund', '--no-save', ...framework.packages, pack];
  await execute('npm', install, { cwd: folder, timeout: INSTALL_TIMEOUT_MS });
}

async function serveLogin(framework: Framework, folder: string): Promise<void> {
  const port = await freePort();
  const [command = '', ...args] = framework.start(port);
  // A group of its own, since these start processes of their own.
  const child = spawn(join(folder, 'node_modules', '.bin', command), args, {
    cwd: folder,
    detached: true,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', WRANGLER_SEND_METRICS: 'false', NODE_ENV: 'development' },
  });
  try {
    const url = `http://localhost:${port}/api/agora/tokens`;
    await untilAnswered(url, child);
    await logIn(httpTokenSource({ url, headers: { authorization: 'Bearer alice' } }), { appId, appCertificate });
    const refused = await logIn(httpTokenSource({ url }), { appId, appCertificate }).catch((error: unknown) => error);
    if (!refused || Reflect.get(refused, 'code') !== 'TOKEN_DENIED') throw new Error(`A stranger got: ${refused}`);
  } finally {
    if (child.pid !== undefined && child.exitCode === null) {
      const ended = once(child, 'exit');
      process.kill(-child.pid);
      await ended;
    }
  }
}

async function untilAnswered(url: string, child: ChildProcess): Promise<void> {
  let printed = '';
  const read = (chunk: Buffer): void => {
    printed += chunk;
  };
  child.stdout?.on('data', read);
  child.stderr?.on('data', read);
  child.on('error', (error) => {
    printed += error;
  });
  const end = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < end && child.exitCode === null) {
    if (await fetch(url, { method: 'POST', signal: AbortSignal.timeout(30_000) }).catch(() => null)) return;
    await setTimeout(200);
  }
  throw new Error(`It did not start: ${printed.slice(-2000)}`);
}
