import { type Credentials, credentialsFrom } from '../dev-backend/credentials.js';
import { readEnvironment } from '../dev-backend/environment.js';
import { readStdin, type Terminal } from './terminal.js';

/** How the app ID and the certificate are given, for `--help`. */
export const CREDENTIALS_HELP = `The project comes from AGORA_APP_ID and AGORA_APP_CERTIFICATE, in the environment or in .env.
The certificate is not taken from arguments, which others can see in the process list;
--certificate-from-stdin reads it from standard input.`;

/**
 * The project that the user means; null when none is set.
 *
 * @throws InvalidArgumentError when what is set is not complete or not right.
 */
export async function projectOf(terminal: Terminal, certificateFromStdin: boolean): Promise<Credentials | null> {
  const environment = readEnvironment(terminal.directory, terminal.environment);
  if (!certificateFromStdin) return credentialsFrom(environment);
  return credentialsFrom({ ...environment, AGORA_APP_CERTIFICATE: await readStdin(terminal) });
}
