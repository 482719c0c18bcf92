import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { publishedCertificate } from '../dev-backend/index.js';

/** Files of the public directory that are larger are not looked into. */
const MAX_PUBLIC_FILE_BYTES = 1_000_000;

/** A file that a build puts out, as the bundlers of all Vite versions have it. */
export type OutputFile =
  | { readonly type: 'asset'; readonly source: string | Uint8Array }
  | { readonly type: 'chunk'; readonly code: string; readonly map: object | null };

/** Looks for the app certificate in what pages get. */
export class CertificateSearch {
  readonly #certificate: RegExp;

  /** @param appCertificate 32 hexadecimal digits; in any case they are the same certificate. */
  constructor(appCertificate: string) {
    this.#certificate = new RegExp(appCertificate, 'i');
  }

  /**
   * Refuses a text that has the certificate in it.
   *
   * @param where names the text, as its file does.
   * @throws InvalidArgumentError that shows neither the certificate nor the text.
   */
  demandAbsent(text: string, where: string): void {
    if (!this.#certificate.test(text)) return;
    // Vite would take the module's code for it and show that in the browser.
    throw Object.assign(publishedCertificate(where), { pluginCode: '(withheld)' });
  }

  /** The same for all files that a build puts out, with their source maps. */
  demandAbsentIn(bundle: Readonly<Record<string, OutputFile>>): void {
    for (const [fileName, file] of Object.entries(bundle)) {
      if (file.type === 'asset') this.demandAbsent(textOf(file.source), fileName);
      else this.demandAbsent(file.code + JSON.stringify(file.map ?? ''), fileName);
    }
  }

  /** The same for the directory whose files go to the page as they are. */
  demandAbsentBelow(publicDirectory: string): void {
    for (const path of filesBelow(publicDirectory)) {
      if (statSync(path).size <= MAX_PUBLIC_FILE_BYTES) this.demandAbsent(readFileSync(path, 'latin1'), path);
    }
  }
}

function textOf(source: string | Uint8Array): string {
  return typeof source === 'string' ? source : Buffer.from(source).toString('latin1');
}

function filesBelow(directory: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(directory, { withFileTypes: true, recursive: true });
  } catch {
    return []; // most projects have none
  }
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}
