import type { Credentials } from '../dev-backend/index.js';
import {
  type AccessToken,
  AccessTokenError,
  InvalidArgumentError,
  parseAccessToken,
  verifyAccessToken,
} from '../server/index.js';
import type { Paint } from './colours.js';
import { durationText } from './duration.js';
import {
  type ExaminedService,
  type Expected,
  examineServices,
  type TokenWarning,
  warningsAbout,
} from './examine-token.js';
import { FROM_STDIN, parseArguments } from './parse-arguments.js';
import { CREDENTIALS_HELP, projectOf } from './project.js';
import { type Command, readStdin } from './terminal.js';
import { undress } from './undress.js';
import { UsageError } from './usage-error.js';

/** `agora-session inspect`: explains a token. */
export const inspectCommand: Command = {
  help: `Usage: agora-session inspect <token | -> [--user <user>] [--channel <name>] [--strict] [--json]

Explains a token: for whom it is, what it allows, how long it lives, and what will go wrong with it.
"-" reads it from standard input. With the certificate at hand it is also verified.

  --user <user>             warn when the token is for somebody else
  --channel <name>          warn when it does not join this stream channel, rather than when it does not log in
  --strict                  end with 1 for every warning, and where a project is set but not right
  --json                    print JSON
  --certificate-from-stdin  read the certificate from standard input
  --help                    print this

${CREDENTIALS_HELP}

Exit code: 1 when the token is malformed, has lapsed, does not verify or is for another app, else 0.

Example:
  $ agora-session token alice | agora-session inspect - --user alice --strict`,

  async run(args, terminal) {
    const { values, positionals } = parseArguments(
      args,
      {
        user: { type: 'string' },
        channel: { type: 'string' },
        strict: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        [FROM_STDIN]: { type: 'boolean', default: false },
      },
      1,
    );
    const [argument] = positionals;
    if (argument === undefined) throw new UsageError('Give the token, or "-" to read it from standard input.');
    const certificateFromStdin = values[FROM_STDIN];
    if (argument === '-' && certificateFromStdin) {
      throw new UsageError('Token and certificate cannot both come from standard input.');
    }
    const text = await tokenIn(argument === '-' ? await readStdin(terminal) : argument);
    const project = await projectOf(terminal, certificateFromStdin).catch((error: unknown) => {
      // Who pipes a certificate in, or is strict, wants to know whether the signature holds.
      if (!(error instanceof InvalidArgumentError) || certificateFromStdin || values.strict) throw error;
      terminal.note(`The signature cannot be checked: ${error.message}`);
      return null;
    });
    const expected = { userId: values.user, channelName: values.channel };
    const examined = examine(text, { project, expected, nowMs: terminal.now() });
    if (values.json) terminal.print(JSON.stringify(examined, null, 2));
    else for (const line of plainLines(examined, terminal.paint.print)) terminal.print(line);
    return isBad(examined) || (values.strict && examined.warnings.length > 0) ? 1 : 0;
  },
};

function isBad({ signature, warnings }: Examined): boolean {
  return signature === 'fails' || signature === 'other-app' || warnings.some(({ code }) => code === 'LAPSED');
}

/** The token in what was pasted: alone, wrapped, as code, a header or a server has it, or as the only one in a line or JSON of a server. */
async function tokenIn(pasted: string): Promise<string> {
  if (!/[{\t]/.test(pasted.trim())) {
    const text = pasted.replace(/\s*[\r\n]\s*/g, '').replace(/^authorization\s*:/i, '');
    const bare = await undress(text);
    return 'token' in bare ? bare.token : text.replaceAll(/\s/g, '');
  }
  const [only, ...others] = pasted.match(/00[67][\w+/-]{20,}={0,2}/g) ?? [];
  if (only === undefined || others.length > 0) throw new UsageError('Give one token alone.');
  return tokenIn(only);
}

interface Examined {
  readonly appId: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly expiresInSeconds: number;
  readonly remainingSeconds: number;
  readonly signature: 'holds' | 'fails' | 'other-app' | 'unchecked';
  readonly services: readonly ExaminedService[];
  readonly warnings: readonly TokenWarning[];
}

/** What a token is held against. */
interface Against {
  readonly project: Credentials | null;
  readonly expected: Expected;
  readonly nowMs: number;
}

function examine(text: string, { project, expected, nowMs }: Against): Examined {
  const token = parseAccessToken(text);
  const now = Math.floor(nowMs / 1000);
  const { appId, issuedAt, expiresAt, expiresInSeconds } = token;
  return {
    appId,
    issuedAt,
    expiresAt,
    expiresInSeconds,
    remainingSeconds: Math.max(0, expiresAt - now),
    signature: project ? checkSignature(text, token, project) : 'unchecked',
    services: examineServices(token),
    warnings: warningsAbout(token, now, expected),
  };
}

function checkSignature(
  text: string,
  token: AccessToken,
  { appId, appCertificate }: Credentials,
): Examined['signature'] {
  try {
    verifyAccessToken(text, { appId, appCertificate, now: token.issuedAt });
    return 'holds';
  } catch (error) {
    if (!(error instanceof AccessTokenError)) throw error;
    return error.code === 'WRONG_APP' ? 'other-app' : 'fails';
  }
}

const SIGNATURE_TEXTS: Readonly<Record<Examined['signature'], string>> = {
  holds: 'holds',
  fails: 'FAILS: it was not made with this certificate, or was altered',
  'other-app': 'CANNOT HOLD: the token is for another app than AGORA_APP_ID',
  unchecked: 'not checked: set AGORA_APP_ID and AGORA_APP_CERTIFICATE for that',
};

const SIGNATURE_STYLES = { holds: 'green', fails: 'red', 'other-app': 'red', unchecked: 'dim' } as const;

function plainLines(examined: Examined, paint: Paint): string[] {
  const { appId, issuedAt, expiresAt, expiresInSeconds, remainingSeconds, signature, services, warnings } = examined;
  return [
    `app ID     ${appId}`,
    `issued     ${isoTime(issuedAt)}`,
    `life       ${durationText(expiresInSeconds)}`,
    `lapses     ${isoTime(expiresAt)}, ${remainingSeconds > 0 ? `in ${durationText(remainingSeconds)}` : 'and so has lapsed'}`,
    `signature  ${paint(SIGNATURE_STYLES[signature], SIGNATURE_TEXTS[signature])}`,
    ...services.map((service) => `service    ${serviceText(service)}`),
    ...warnings.map(({ message }) => `${paint('yellow', 'WARNING')}    ${message}`),
  ];
}

function serviceText({ service, privileges, fields }: ExaminedService): string {
  const granted = Object.entries(privileges).map(([privilege, seconds]) =>
    seconds === 0 ? privilege : `${privilege} ${durationText(seconds)}`,
  );
  const details = Object.entries(fields).map(([field, value]) => `${field} ${JSON.stringify(value)}`);
  return [service.toUpperCase(), ...details, `allows ${granted.join(', ') || 'nothing'}`].join('; ');
}

function isoTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString().replace('.000', '');
}
