import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDevBackend, credentialsFrom, type DevBackend, PATHS } from '../dev-backend/index.js';
import { InvalidArgumentError } from '../server/index.js';
import { isOrigin } from '../server/parts.js';
import { drainable } from './drain-server.js';
import { parseArguments } from './parse-arguments.js';
import { environmentOf } from './project.js';
import type { Command, Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

const HOST = '127.0.0.1';
/** The port of the server in Agora's guide, so that its clients find this one. */
const DEFAULT_PORT = '8082';
const NEEDS_PROJECT =
  'needs AGORA_APP_ID and AGORA_APP_CERTIFICATE: the tokens of a made-up project open nothing but the local Signaling.';
const FOR_DEVELOPMENT =
  'serve gives everyone on this machine the tokens that they ask for: it is for development, so unset NODE_ENV=production.';

/** `agora-session serve`: a token endpoint and a local Signaling. */
export const serveCommand: Command = {
  help: `Usage: agora-session serve [--port <port>] [--origin <origin>]... [--[no-]emulator] [--json]

Serves tokens and a local Signaling on ${HOST}, for development.

  --port <port>        default: PORT, else ${DEFAULT_PORT}; 0 takes any that is free
  --origin <origin>    the origin of pages that use it, such as http://localhost:3000; may be repeated
  --emulator           run the local Signaling although real credentials are set
  --no-emulator        do not run it
  --json               print one line of JSON when ready: { url, config }
  --help               print this

With AGORA_APP_ID and AGORA_APP_CERTIFICATE, in the environment or in .env, its tokens are good for Agora;
without them it makes a project up, and its tokens are good for its own Signaling.
TOKEN_TTL_SECONDS sets the tokens' life. It answers to programs of this machine and to pages of the origins given;
the guide's routes give tokens of a made-up project to pages of any origin.`,

  async run(args, terminal) {
    const { values } = parseArguments(
      args,
      {
        port: { type: 'string' },
        origin: { type: 'string', multiple: true, default: [] },
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
    if (!values.origin.every(isOrigin))
      throw new UsageError('--origin must be an origin such as http://localhost:3000.');
    const port =
      values.port === undefined ? portFrom('PORT', environment.PORT || DEFAULT_PORT) : portFrom('--port', values.port);
    const backend = createDevBackend({
      environment,
      origins: values.origin,
      ...(emulator === undefined ? {} : { emulator }),
    });
    const server = createServer(backend.listener);
    const draining = drainable(server);
    const attached = await backend.attach(server);
    const url = await listen(server, port);
    announce(terminal, url, backend, values.json);
    await terminal.interrupted();
    await attached.close();
    await draining.drain();
    return 0;
  },
};

function portFrom(source: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`${source} must be a number from 0 to 65535.`);
}

async function listen(server: Server, port: number): Promise<string> {
  try {
    server.listen(port, HOST);
    await once(server, 'listening');
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    if (!taken) throw error;
    throw new InvalidArgumentError('port', `${port} is taken: choose another with --port, or 0 for any.`);
  }
  return `http://${HOST}:${(server.address() as AddressInfo).port}`;
}

function announce(terminal: Terminal, url: string, { config }: DevBackend, json: boolean): void {
  if (json) {
    terminal.print(JSON.stringify({ url, config }));
    return;
  }
  terminal.print(`agora-session serves at ${url}`);
  terminal.print(`  tokens     POST ${PATHS.tokens}, or the guide's ${PATHS.guideRtm} and ${PATHS.guideRtc}`);
  terminal.print(`  life       ${config.expiresInSeconds} s`);
  terminal.print(`  Signaling  ${config.emulator ? `local, a WebSocket at ${config.signalingPath}` : 'that of Agora'}`);
  const made = 'made up for this run: set AGORA_APP_ID and AGORA_APP_CERTIFICATE to use your own';
  terminal.print(`  app ID     ${config.appId}${config.throwawayCredentials ? `, ${made}` : ''}`);
}
