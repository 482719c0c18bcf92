import {
  type Credentials,
  credentialsFrom,
  type Environment,
  MADE_UP_APP_ID,
  PATHS,
  throwawayCredentials,
} from '../dev-backend/index.js';
import { LIFE_HELP, lifeFrom } from './duration.js';
import { type LocalServer, portFrom, startLocalServer } from './local-server.js';
import { parseArguments } from './parse-arguments.js';
import { environmentOf } from './project.js';
import { requestLine } from './request-line.js';
import { checkOrigins } from './serve-command.js';
import type { Command, Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

const NOT_FOUND = 127;
const NOT_TO_BE_RUN = 126;
const DEFAULT_LIFE = '1h';
const FOR_DEVELOPMENT =
  '--project gives everyone on this machine the tokens that they ask for: it is for development, so unset NODE_ENV=production.';

/** `agora-session exec`: runs a command while tokens and a local Signaling are served. */
export const execCommand: Command = {
  help: `Usage: agora-session exec [--project] [--port <port>] [--origin <origin>]... [--expires <life>] [--json] -- <command>

Serves tokens and a local Signaling on 127.0.0.1 while a command runs, such as tests, and ends with its exit code.

  --project            tokens of the project in AGORA_APP_ID and AGORA_APP_CERTIFICATE; by default one is made up
  --port <port>        default: any that is free
  --origin <origin>    the origin of pages that use it, such as http://localhost:3000; may be repeated
  --expires <life>     the tokens' life: ${LIFE_HELP}; ${DEFAULT_LIFE} by default
  --json               write lines of JSON to standard error: { url, config } when ready, then { request } for each request
  --help               print this

The command finds in its environment:
  AGORA_SESSION_URL, VITE_AGORA_SESSION_URL, NEXT_PUBLIC_AGORA_SESSION_URL
                       where it is served, such as http://127.0.0.1:8082; tokens at ${PATHS.tokens},
                       the local Signaling at ${PATHS.signaling}, app ID and more at ${PATHS.config}
  AGORA_APP_ID, AGORA_APP_CERTIFICATE, TOKEN_TTL_SECONDS
                       the project, for servers that make tokens themselves
  ${MADE_UP_APP_ID}
                       the app ID once more, where the project is made up: the Vite plugin then runs its local Signaling

Requests that are refused are told on standard error. Signals are handed on to the command.

Example:
  $ agora-session exec -- npm test`,

  async run(args, terminal) {
    const { options, command } = split(args);
    const { values } = parseArguments(
      options,
      {
        project: { type: 'boolean', default: false },
        port: { type: 'string', default: '0' },
        origin: { type: 'string', multiple: true, default: [] },
        expires: { type: 'string', default: DEFAULT_LIFE },
        json: { type: 'boolean', default: false },
      },
      0,
    );
    checkOrigins(values.origin);
    const environment = values.project ? environmentOf(terminal) : terminal.environment;
    const credentials = values.project ? credentialsFrom(environment) : throwawayCredentials();
    if (!credentials) throw new UsageError('--project needs AGORA_APP_ID and AGORA_APP_CERTIFICATE.');
    if (values.project && terminal.environment.NODE_ENV === 'production') throw new UsageError(FOR_DEVELOPMENT);
    const server = await startLocalServer(portFrom('--port', values.port), {
      environment: { TOKEN_TTL_SECONDS: String(lifeFrom('--expires', values.expires)) },
      credentials,
      emulator: true,
      origins: values.origin,
      onRequest: (request) => {
        if (values.json) terminal.note(JSON.stringify({ request }));
        else if (request.status >= 400) terminal.note(requestLine(request, terminal.now(), terminal.paint.note));
      },
    });
    if (values.json) terminal.note(JSON.stringify({ url: server.url, config: server.config }));
    try {
      return await execute(terminal, command, { ...terminal.environment, ...variablesOf(server, credentials) });
    } finally {
      await server.close();
    }
  },
};

/** What stands before `--` is for us, what comes after it is the command. */
function split(args: readonly string[]): { options: readonly string[]; command: readonly [string, ...string[]] } {
  const end = args.indexOf('--');
  const [name, ...rest] = end < 0 ? [] : args.slice(end + 1);
  // A variable of the shell that is not set leaves an empty name.
  if (!name) throw new UsageError('Give the command after "--": agora-session exec -- npm test');
  return { options: args.slice(0, end), command: [name, ...rest] };
}

function variablesOf({ url, config }: LocalServer, { appId, appCertificate, throwaway }: Credentials): Environment {
  return {
    AGORA_SESSION_URL: url,
    VITE_AGORA_SESSION_URL: url,
    NEXT_PUBLIC_AGORA_SESSION_URL: url,
    AGORA_APP_ID: appId,
    AGORA_APP_CERTIFICATE: appCertificate,
    TOKEN_TTL_SECONDS: String(config.expiresInSeconds),
    [MADE_UP_APP_ID]: throwaway ? appId : undefined,
  };
}

/** What cannot be started ends as it does in a shell. */
async function execute(
  terminal: Terminal,
  [name, ...args]: readonly [string, ...string[]],
  environment: Environment,
): Promise<number> {
  try {
    return await terminal.execute(name, args, environment);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'ENOENT' && code !== 'EACCES') throw error;
    const missing = code === 'ENOENT';
    terminal.note(`${missing ? 'There is no command' : 'It is not allowed to run'} ${JSON.stringify(name)}.`);
    return missing ? NOT_FOUND : NOT_TO_BE_RUN;
  }
}
