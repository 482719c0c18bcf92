import type { Credentials } from '../dev-backend/index.js';
import type { RtcRole } from '../server/index.js';
import { checkVerdict, type IssuedTokens, issueTokens } from '../server/parts.js';
import { isSignalingName, SIGNALING_NAME_RULE } from '../token/identifiers.js';
import { LIFE_HELP, lifeFrom } from './duration.js';
import { certificateRefused, FROM_STDIN, parseArguments } from './parse-arguments.js';
import { CREDENTIALS_HELP, projectOf } from './project.js';
import type { Command } from './terminal.js';
import { UsageError } from './usage-error.js';

const DEFAULT_LIFE = '1h';

/** `agora-session token`: makes tokens for trying things out. */
export const tokenCommand: Command = {
  help: `Usage: agora-session token <user> [--channel <name>]... [--role <role>] [--expires <life>] [--json]

Makes a login token for a user, and a token for each stream channel named.

  --channel <name>          a stream channel to join; may be repeated
  --role <role>             what the user may do in those channels, in calls too: "publisher" or "subscriber";
                            by default what a stream channel of Signaling needs
  --expires <life>          the tokens' life: ${LIFE_HELP}; ${DEFAULT_LIFE} by default
  --json                    print JSON, as the token endpoint answers
  --certificate-from-stdin  read the certificate from standard input
  --help                    print this

${CREDENTIALS_HELP}

Prints the token alone, or with --channel a line for each, "signaling" or the channel's name before it.

Example:
  $ agora-session token alice --channel stage --role publisher --expires 10m`,

  async run(args, terminal) {
    const { values, positionals } = parseArguments(
      args,
      {
        channel: { type: 'string', multiple: true, default: [] },
        role: { type: 'string' },
        expires: { type: 'string', default: DEFAULT_LIFE },
        json: { type: 'boolean', default: false },
        [FROM_STDIN]: { type: 'boolean', default: false },
      },
      1,
    );
    const [userId] = positionals;
    if (userId === undefined) throw new UsageError('Name the user that the token is for: agora-session token alice');
    checkName('The user', userId);
    for (const channelName of values.channel) checkName('--channel', channelName);
    const role = roleFrom(values.role);
    if (role && values.channel.length === 0) throw new UsageError('--role is for channels: name one with --channel.');
    const expiresInSeconds = lifeFrom('--expires', values.expires);
    const project = await projectOf(terminal, values[FROM_STDIN]);
    if (!project) {
      terminal.note('Set AGORA_APP_ID and AGORA_APP_CERTIFICATE: a token of a made-up project would open nothing.');
      return 1;
    }
    const certificate = project.appCertificate.toLowerCase();
    if ([userId, ...values.channel].some((name) => name.toLowerCase().includes(certificate))) {
      throw certificateRefused({ [FROM_STDIN]: true });
    }
    const issuedAt = Math.floor(terminal.now() / 1000);
    const tokens = makeTokens(project, { userId, channelNames: values.channel, role, expiresInSeconds, issuedAt });
    if (values.json) terminal.print(JSON.stringify(tokens, null, 2));
    else for (const line of plainLines(tokens)) terminal.print(line);
    return 0;
  },
};

function checkName(what: string, name: string): void {
  if (!isSignalingName(name)) throw new UsageError(`${what} must be ${SIGNALING_NAME_RULE}.`);
}

function roleFrom(text: string | undefined): RtcRole | null {
  if (text === undefined) return null;
  if (text === 'publisher' || text === 'subscriber') return text;
  throw new UsageError('--role must be "publisher" or "subscriber".');
}

/** What is asked for. */
interface Asked {
  readonly userId: string;
  readonly channelNames: readonly string[];
  /** Null: neither, but what a stream channel needs. */
  readonly role: RtcRole | null;
  readonly expiresInSeconds: number;
  readonly issuedAt: number;
}

/** As the token endpoint would answer a user who may do all that is asked. */
function makeTokens(
  { appId, appCertificate }: Credentials,
  { channelNames, role, userId, expiresInSeconds, issuedAt }: Asked,
): IssuedTokens {
  const channels = [...new Set(channelNames)];
  const granted = channels.map((channelName) => (role ? { channelName, role } : channelName));
  const verdict = checkVerdict({ userId, channels: granted }, expiresInSeconds);
  const common = { appId, appCertificate, userId, expiresInSeconds, issuedAt };
  return issueTokens(common, { signaling: true, channels }, verdict, false);
}

function plainLines({ signaling, channels }: IssuedTokens): string[] {
  const named = [['signaling', signaling] as const, ...Object.entries(channels)].flatMap(([name, given]) =>
    given && 'token' in given ? [[name, given.token]] : [],
  );
  return named.length === 1 ? named.map(([, token]) => `${token}`) : named.map((pair) => pair.join('\t'));
}
