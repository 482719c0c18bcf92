import type { Credentials } from '../dev-backend/index.js';
import { buildRtcToken, buildRtmToken } from '../server/index.js';
import { parseArguments } from './parse-arguments.js';
import { CREDENTIALS_HELP, projectOf } from './project.js';
import type { Command } from './terminal.js';
import { UsageError } from './usage-error.js';

const DEFAULT_LIFE_SECONDS = '3600';

/** `agora-session token`: makes tokens for trying things out. */
export const tokenCommand: Command = {
  help: `Usage: agora-session token <user> [--channel <name>]... [--expires <seconds>] [--json]

Makes a login token for a user, and a token for each stream channel named.

  --channel <name>          a stream channel to join; may be repeated
  --expires <seconds>       the tokens' life, 1 to 86400 (24 hours); ${DEFAULT_LIFE_SECONDS} by default
  --json                    print JSON, as the token endpoint answers
  --certificate-from-stdin  read the certificate from standard input
  --help                    print this

${CREDENTIALS_HELP}

Prints the token alone, or with --channel a line for each, "signaling" or the channel's name before it.`,

  async run(args, terminal) {
    const { values, positionals } = parseArguments(
      args,
      {
        channel: { type: 'string', multiple: true, default: [] },
        expires: { type: 'string', default: DEFAULT_LIFE_SECONDS },
        json: { type: 'boolean', default: false },
        'certificate-from-stdin': { type: 'boolean', default: false },
      },
      1,
    );
    const [userId] = positionals;
    if (userId === undefined) throw new UsageError('Name the user that the token is for: agora-session token alice');
    const project = await projectOf(terminal, values['certificate-from-stdin']);
    if (!project) {
      terminal.note('Set AGORA_APP_ID and AGORA_APP_CERTIFICATE: a token of a made-up project would open nothing.');
      return 1;
    }
    const issuedAt = Math.floor(terminal.now() / 1000);
    const tokens = makeTokens(project, userId, values.channel, Number(values.expires), issuedAt);
    if (values.json) terminal.print(JSON.stringify(tokens, null, 2));
    else for (const line of plainLines(tokens)) terminal.print(line);
    return 0;
  },
};

interface Grant {
  readonly token: string;
  readonly expiresIn: number;
}

interface Tokens {
  readonly userId: string;
  readonly signaling: Grant;
  readonly channels: Readonly<Record<string, Grant>>;
}

function makeTokens(
  { appId, appCertificate }: Credentials,
  userId: string,
  channelNames: readonly string[],
  expiresInSeconds: number,
  issuedAt: number,
): Tokens {
  const common = { appId, appCertificate, userId, expiresInSeconds, issuedAt };
  const channels: Record<string, Grant> = Object.create(null);
  for (const channelName of channelNames) {
    const token = buildRtcToken({ ...common, channelName, privileges: ['joinChannel', 'publishDataStream'] });
    channels[channelName] = { token, expiresIn: expiresInSeconds };
  }
  return { userId, signaling: { token: buildRtmToken(common), expiresIn: expiresInSeconds }, channels };
}

function plainLines({ signaling, channels }: Tokens): string[] {
  const named = Object.entries(channels).map(([channelName, { token }]) => `${channelName}\t${token}`);
  return named.length === 0 ? [signaling.token] : [`signaling\t${signaling.token}`, ...named];
}
