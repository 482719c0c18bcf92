import { readFile } from 'node:fs/promises';

/** Gives the certificate that a file holds now, for `appCertificate`: a secret that is mounted there may change while the server runs. */
export function certificateFile(path: string): () => Promise<string> {
  return async () => (await readFile(path, 'utf8')).trim();
}
