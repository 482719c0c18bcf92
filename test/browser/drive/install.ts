import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const INSTALL_TIMEOUT_MS = 300_000;

/** Finds a program by its path or on PATH, or null. */
export function findProgram(...names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = names.flatMap((name) => (name.includes('/') ? [name] : folders.map((folder) => join(folder, name))));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Installs packages of Debian's where that is possible; whether they do what they are for is for the caller to look at. */
export function installFromDebian(...packages: readonly string[]): void {
  const mayUseApt = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayUseApt) return;
  console.log(`Installing ${packages.join(' and ')} for the browser tests …`);
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stderr } = spawnSync('apt-get', args, { encoding: 'utf8', timeout: INSTALL_TIMEOUT_MS });
    if (status !== 0) console.log(`apt-get ${args.join(' ')} did not work: ${stderr.trim().slice(-300)}`);
  }
}
