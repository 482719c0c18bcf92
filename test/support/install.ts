import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const INSTALL_TIMEOUT_MS = 240_000;

/** A browser that is not on this machine and cannot be installed there. Its message says what to do. */
export class NoBrowserError extends Error {
  override readonly name = 'NoBrowserError';
}

/** Finds a program by its path or on PATH, or null. */
export function findProgram(...names: readonly string[]): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const isPath = (name: string): boolean => /[/\\]/.test(name);
  const paths = names.flatMap((name) => (isPath(name) ? [name] : folders.map((folder) => join(folder, name))));
  return paths.find((path) => path !== '' && existsSync(path)) ?? null;
}

/** The program that an environment variable chooses, or null. One that leads nowhere is an error, never passed over. */
export function chosenProgram(variable: string): string | null {
  const path = process.env[variable];
  if (!path) return null;
  if (existsSync(path)) return path;
  throw new Error(`${variable} is set to ${path}, where there is no file.`);
}

/** Installs packages of Debian's where that is possible; whether they do what they are for is for the caller to look at. */
export function installFromDebian(...packages: readonly string[]): void {
  const mayUseApt = process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
  if (!mayUseApt) return;
  console.log(`Installing ${packages.join(' and ')} for the browser tests …`);
  runInstaller('apt-get', ['update']);
  runInstaller('apt-get', ['install', '-y', '--no-install-recommends', ...packages]);
}

/** Runs a program that installs something, for minutes at most, and says so where it does not work. */
export function runInstaller(command: string, args: readonly string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8', timeout: INSTALL_TIMEOUT_MS, env });
  if (status !== 0)
    console.log(`${command} ${args.join(' ')} did not work: ${error?.message ?? stderr.trim().slice(-300)}`);
}
