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
  const found = statSync(path, { throwIfNoEntry: false });
  // Python has environments in folders called ".env", which Vite passes over.
  return !!found?.isFile() && (found.mode & READABLE_BY_OTHERS) !== 0 && !!readEnvFile(path).AGORA_APP_CERTIFICATE;
}

function readEnvFile(path: string): Environment {
  return parseEnv(readText(path) ?? '');
}

/** How Windows' editors and shells begin a text: in UTF-8, and in UTF-16, which is what PowerShell's ">" writes. */
const MARK = /^\uFEFF/;
const UTF_16 = Buffer.from([0xff, 0xfe]);

/**
 * The text of a file; null where there is none.
 *
 * @throws the system's error, which names the file: of a folder in its place the system's own does not.
 */
export function readText(path: string): string | null {
  try {
    const bytes = readFileSync(path);
    return bytes.toString(bytes.subarray(0, 2).equals(UTF_16) ? 'utf16le' : 'utf8').replace(MARK, '');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    if (error.code === 'ENOENT') return null;
    if (!error.message.includes(path)) error.message += ` '${path}'`;
    throw error;
  }
}
