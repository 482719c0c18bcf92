import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Outcome } from './main.js';

/** A runtime with the suite run on it. */
export interface Runtime {
  readonly name: string;
  /** What is installed for it, `name@range`; nothing where it is there already. */
  readonly package: string | null;
  /** Runs the bundled suite; `folder` is where the package was installed. */
  run(bundle: string, folder: string): Promise<{ version: string; outcome: Outcome }>;
}

const INSTALL_TIMEOUT_MS = 300_000;
const RUN_TIMEOUT_MS = 60_000;
const execute = promisify(execFile);

/** Node 20 and 22, Bun, Deno and workerd. */
export const runtimes: readonly Runtime[] = [
  node(20),
  node(22),
  commandLine('Bun', 'bun@1', 'bun', []),
  commandLine('Deno', 'deno@2', 'deno', ['run', '--no-prompt', '--allow-env=NODE_ENV']),
  { name: 'workerd', package: 'miniflare@4', run: runInWorkerd },
];

/** Fetches a runtime into a folder of its own, unless it is there. Answers the folder. */
export async function install(runtime: Runtime, cache: string): Promise<string> {
  if (runtime.package === null) return cache;
  const folder = join(cache, runtime.package.replace('@', '-'));
  if (existsSync(join(folder, 'node_modules', '.package-lock.json'))) return folder;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--no-audit', '--no-fund', runtime.package];
  await execute('npm', args, { cwd: folder, timeout: INSTALL_TIMEOUT_MS });
  return folder;
}

/** This process's own Node where it is of that version, else the npm package that carries it. */
function node(major: number): Runtime {
  const name = `Node ${major}`;
  if (process.version.startsWith(`v${major}.`)) {
    return { name, package: null, run: (bundle) => runCommand(process.execPath, [], bundle) };
  }
  const carrier = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const file = (folder: string): string => join(folder, 'node_modules', carrier, 'bin', 'node');
  return { name, package: `${carrier}@${major}`, run: (bundle, folder) => runCommand(file(folder), [], bundle) };
}

function commandLine(name: string, from: string, command: string, args: readonly string[]): Runtime {
  const file = (folder: string): string => join(folder, 'node_modules', '.bin', command);
  return { name, package: from, run: (bundle, folder) => runCommand(file(folder), args, bundle) };
}

async function runCommand(
  file: string,
  args: readonly string[],
  bundle: string,
): Promise<{ version: string; outcome: Outcome }> {
  const [version, suite] = await Promise.all([
    execute(file, ['--version'], { timeout: RUN_TIMEOUT_MS }),
    execute(file, [...args, bundle], { timeout: RUN_TIMEOUT_MS }),
  ]);
  const [first = ''] = version.stdout.split('\n');
  return { version: first.replace(/^\D+/, '').replace(/ .*/, ''), outcome: JSON.parse(suite.stdout) };
}

/** The part of Miniflare that is used. */
interface Miniflare {
  dispatchFetch(url: string): Promise<Response>;
  dispose(): Promise<void>;
}

async function runInWorkerd(bundle: string, folder: string): Promise<{ version: string; outcome: Outcome }> {
  const modules = join(folder, 'node_modules');
  const { main, version } = manifest(join(modules, 'miniflare'));
  const { Miniflare } = await import(pathToFileURL(join(modules, 'miniflare', main)).href);
  const options = {
    modules: true,
    scriptPath: bundle,
    compatibilityDate: '2025-09-01',
    compatibilityFlags: ['nodejs_compat'],
  };
  const worker: Miniflare = new Miniflare(options);
  try {
    const response = await worker.dispatchFetch('http://localhost/');
    const workerd = manifest(join(modules, 'workerd')).version;
    return { version: `${workerd}, by Miniflare ${version}`, outcome: (await response.json()) as Outcome };
  } finally {
    await worker.dispose();
  }
}

function manifest(folder: string): { main: string; version: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
