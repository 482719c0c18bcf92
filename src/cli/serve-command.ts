import { credentialsFrom, PATHS } from '../dev-backend/index.js';
import { isOrigin } from '../server/parts.js';
import { LIFE_HELP, lifeFrom } from './duration.js';
import { type LocalServer, portFrom, startLocalServer } from './local-server.js';
import { parseArguments } from './parse-arguments.js';
import { environmentOf } from './project.js';
import { requestLine } from './request-line.js';
import type { Command, Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

/** The port of the server in Agora's guide, so that its clients find this one. */
const DEFAULT_PORT = '8082';
const NEEDS_PROJECT =
  'needs AGORA_APP_ID and AGORA_APP_CERTIFICATE: the tokens of a made-up project open nothing but the local Signaling.';
const FOR_DEVELOPMENT =
  'serve gives everyone on this machine the tokens that they ask for: it is for development, so unset NODE_ENV=production.';

/** `agora-session serve`: a token endpoint and a local Signaling. */
export const serveCommand: Command = {
  help: `Usage: agora-session serve [--port <port>] [--origin <origin>]... [--expires <life>] [--[no-]emulator] [--json]

Serves tokens and a local Signaling on 127.0.0.1, for development, and prints a line for each request.

  --port <port>        default: PORT, else ${DEFAULT_PORT}; 0 takes any that is free
  --origin <origin>    the origin of pages that use it, such as http://localhost:3000; may be repeated
  --expires <life>     the tokens' life: ${LIFE_HELP}; default: TOKEN_TTL_SECONDS, else 1h
  --emulator           run the local Signaling although real credentials are set
  --no-emulator        do not run it
  --json               print lines of JSON: { url, config } when ready, then { request } for each request
  --help               print this

With AGORA_APP_ID and AGORA_APP_CERTIFICATE, in the environment or in .env, its tokens are good for Agora;
without them it makes a project up, and its tokens are good for its own Signaling.
It answers to programs of this machine and to pages of the origins given;
the guide's routes give tokens of a made-up project to pages of any origin.

Example:
  $ agora-session serve --origin http://localhost:3000 --expires 10m`,

  async run(args, terminal) {
    const { values } = parseArguments(
      args,
      {
        port: { type: 'string' },
        origin: { type: 'string', multiple: true, default: [] },
        expires: { type: 'string' },
        emulator: { type: 'boolean' },
        'no-emulator': { type: 'boolean' },
        json: { type: 'boolean', default: false },
      },
      0,
    );
    const environment = environmentOf(terminal);
    const real = credentialsFrom(environment) !== null;
    const emulator = values['no-emulator'] ? false : values.emulator;
    if (values.emulator && emulator === false)
      throw new UsageError('--emulator and --no-emulator contradict each other.');
    if (emulator === false && !real) throw new UsageError(`--no-emulator ${NEEDS_PROJECT}`);
    if (real && environment.NODE_ENV === 'production') throw new UsageError(FOR_DEVELOPMENT);
    checkOrigins(values.origin);
    const life =
      values.expires === undefined ? {} : { TOKEN_TTL_SECONDS: String(lifeFrom('--expires', values.expires)) };
    const port =
      values.port === undefined ? portFrom('PORT', environment.PORT || DEFAULT_PORT) : portFrom('--port', values.port);
    const server = await startLocalServer(port, {
      environment: { ...environment, ...life },
      origins: values.origin,
      onRequest: (request) => {
        if (values.json) terminal.print(JSON.stringify({ request }));
        else terminal.print(requestLine(request, terminal.now(), terminal.paint.print));
      },
      ...(emulator === undefined ? {} : { emulator }),
    });
    // Listened for before it is announced: whoever reads that may end it at once.
    const interrupted = terminal.interrupted();
    announce(terminal, server, values.json);
    await interrupted;
    await server.close();
    return 0;
  },
};

/** @throws UsageError for what no browser sends as an `Origin`. */
export function checkOrigins(origins: readonly string[]): void {
  if (!origins.every(isOrigin)) throw new UsageError('--origin must be an origin such as http://localhost:3000.');
}

function announce(terminal: Terminal, { url, config }: LocalServer, json: boolean): void {
  if (json) {
    terminal.print(JSON.stringify({ url, config }));
    return;
  }
  const paint = terminal.paint.print;
  terminal.print(`agora-session serves at ${paint('bold', url)}`);
  terminal.print(`  tokens     POST ${PATHS.tokens}, or the guide's ${PATHS.guideRtm} and ${PATHS.guideRtc}`);
  terminal.print(`  life       ${config.expiresInSeconds} s`);
  terminal.print(`  Signaling  ${config.emulator ? `local, a WebSocket at ${config.signalingPath}` : 'that of Agora'}`);
  const made = 'made up for this run: set AGORA_APP_ID and AGORA_APP_CERTIFICATE to use your own';
  terminal.print(`  app ID     ${config.appId}${config.throwawayCredentials ? `, ${made}` : ''}`);
}
