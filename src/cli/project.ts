import { type Credentials, credentialsFrom, type Environment } from '../dev-backend/credentials.js';
import { readableCertificates } from '../dev-backend/env-files.js';
import { ENV_FILES, readEnvironment } from '../dev-backend/environment.js';
import { readStdin, type Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** How the app ID and the certificate are given, for `--help`. */
export const CREDENTIALS_HELP = `The project comes from AGORA_APP_ID and AGORA_APP_CERTIFICATE, in the environment or in .env.
The certificate is not taken from arguments, which others can see in the process list;
--certificate-from-stdin reads it from standard input.`;

/**
 * The project that the user means; null when none is set.
 *
 * @throws InvalidArgumentError when what is set is not complete or not right, UsageError for a standard input that has no certificate.
 */
export async function projectOf(terminal: Terminal, certificateFromStdin: boolean): Promise<Credentials | null> {
  const environment = environmentOf(terminal);
  if (!certificateFromStdin) return credentialsFrom(environment);
  if ('isTTY' in terminal.stdin && terminal.stdin.isTTY) {
    throw new UsageError('A terminal would show the certificate: pipe it in, as from a file or a password manager.');
  }
  const appCertificate = await readStdin(terminal);
  if (appCertificate === '') throw new UsageError('Standard input was empty: pipe the certificate in.');
  return credentialsFrom({ ...environment, AGORA_APP_CERTIFICATE: appCertificate });
}

/** The variables that the terminal and its directory give, with a warning for a file that gives the certificate away. */
export function environmentOf(terminal: Terminal): Environment {
  const { directory, environment } = terminal;
  for (const warning of readableCertificates(directory, ENV_FILES)) terminal.note(`Warning: ${warning}`);
  return readEnvironment(directory, environment);
}
