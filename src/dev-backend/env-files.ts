import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { Environment } from './credentials.js';

const READABLE_BY_OTHERS = 0o004;

/** The variables of some files in a directory, of those that exist, each over those before it. */
export function readEnvFiles(directory: string, names: readonly string[]): Environment {
  return Object.assign({}, ...names.map((name) => readEnvFile(join(directory, name))));
}

/**
 * What to say of files that give the certificate to every user of the machine. Nothing on Windows, where the mode of a file does not say so.
 *
 * @param platform as in `process.platform`.
 */
export function readableCertificates(
  directory: string,
  names: readonly string[],
  platform: string = process.platform,
): string[] {
  if (platform === 'win32') return [];
  return names
    .filter((name) => givesCertificateAway(join(directory, name)))
    .map((name) => {
      return `${name} holds AGORA_APP_CERTIFICATE and every user of this machine can read it: chmod 600 ${name}`;
    });
}

function givesCertificateAway(path: string): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & READABLE_BY_OTHERS) !== 0 && !!readEnvFile(path).AGORA_APP_CERTIFICATE;
}

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')); // as Windows' editors begin a file
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
