import { lifeSecondsFrom } from '../dev-backend/environment.js';
import type { Credentials } from '../dev-backend/index.js';
import { type IssuedTokens, issueTokens } from '../server/issue-tokens.js';
import { checkVerdict } from '../server/token-verdict.js';
import { isSignalingName, SIGNALING_NAME_RULE } from '../token/identifiers.js';
import { certificateRefused, FROM_STDIN, parseArguments } from './parse-arguments.js';
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
        [FROM_STDIN]: { type: 'boolean', default: false },
      },
      1,
    );
    const [userId] = positionals;
    if (userId === undefined) throw new UsageError('Name the user that the token is for: agora-session token alice');
    checkName('The user', userId);
    for (const channelName of values.channel) checkName('--channel', channelName);
    const lifeSeconds = lifeSecondsFrom(values.expires);
    if (lifeSeconds === null)
      throw new UsageError(`--expires must be the tokens' life in seconds, 1 to 86400${hint(values.expires)}.`);
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
    const tokens = makeTokens(project, userId, values.channel, lifeSeconds, issuedAt);
    if (values.json) terminal.print(JSON.stringify(tokens, null, 2));
    else for (const line of plainLines(tokens)) terminal.print(line);
    return 0;
  },
};

function checkName(what: string, name: string): void {
  if (!isSignalingName(name)) throw new UsageError(`${what} must be ${SIGNALING_NAME_RULE}.`);
}

/** Agora's older builders took the time of the end. */
function hint(expires: string): string {
  return /^\d{10,}$/.test(expires) ? ': it counts from now, and is no absolute timestamp' : '';
}

/** As the token endpoint would answer a user who may do all that is asked. */
function makeTokens(
  { appId, appCertificate }: Credentials,
  userId: string,
  channelNames: readonly string[],
  expiresInSeconds: number,
  issuedAt: number,
): IssuedTokens {
  const channels = [...new Set(channelNames)];
  const verdict = checkVerdict({ userId, channels }, expiresInSeconds);
  const common = { appId, appCertificate, userId, expiresInSeconds, issuedAt };
  return issueTokens(common, { signaling: true, channels }, verdict, false);
}

function plainLines({ signaling, channels }: IssuedTokens): string[] {
  const named = [['signaling', signaling] as const, ...Object.entries(channels)].flatMap(([name, given]) =>
    given && 'token' in given ? [[name, given.token]] : [],
  );
  return named.length === 1 ? named.map(([, token]) => `${token}`) : named.map((pair) => pair.join('\t'));
}
