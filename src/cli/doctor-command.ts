import { isOrigin } from '../server/parts.js';
import { isHex32, isSignalingName, SIGNALING_NAME_RULE } from '../token/identifiers.js';
import type { Paint } from './colours.js';
import type { Question } from './doctor/ask.js';
import { type Diagnosis, examineEndpoint } from './doctor/examine-endpoint.js';
import type { Finding } from './doctor/finding.js';
import { durationText } from './duration.js';
import { certificateRefused, parseArguments } from './parse-arguments.js';
import { environmentOf } from './project.js';
import { type Command, readStdin, type Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

const DEFAULT_USER = 'agora-session-doctor';

/** `agora-session doctor`: asks a token endpoint as a page would, and explains what is wrong. */
export const doctorCommand: Command = {
  help: `Usage: agora-session doctor <url> [--origin <origin>] [--user <user>] [--channel <name>]... [--app-id <app ID>]
                             [--header <name: value>]... [--headers-from-stdin] [--cookies] [--strict] [--json]

Asks a token endpoint as a page would, twice, and explains by its code each fault that it finds: network, TLS, CORS,
redirects, status, content type, app ID, user, channels, life, clocks, caching and size. It shows no token.

  --origin <origin>        the origin of the page, such as http://localhost:3000; by default that of the endpoint
  --user <user>            the user that the page logs in as; by default whoever the server says
  --channel <name>         a stream channel to ask for as well; may be repeated
  --app-id <app ID>        the app ID of the page, to be found in the tokens
  --header <name: value>   what the page sends besides; may be repeated. Others on this machine can read it in the process list:
  --headers-from-stdin     reads such lines from standard input
  --cookies                the page sends cookies to another origin (credentials: 'include')
  --strict                 end with 1 for warnings too
  --json                   print JSON
  --help                   print this

Exit code: 1 when a fault was found, else 0.

Example:
  $ agora-session doctor http://127.0.0.1:8082/api/agora/tokens --user alice --channel stage`,

  async run(args, terminal) {
    const { values, positionals } = parseArguments(
      args,
      {
        origin: { type: 'string' },
        user: { type: 'string' },
        channel: { type: 'string', multiple: true, default: [] },
        'app-id': { type: 'string' },
        header: { type: 'string', multiple: true, default: [] },
        'headers-from-stdin': { type: 'boolean', default: false },
        cookies: { type: 'boolean', default: false },
        strict: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
      1,
    );
    const url = addressOf(positionals[0]);
    const piped = values['headers-from-stdin'] ? (await readStdin(terminal)).split(/\r?\n/) : [];
    const question: Question = {
      url,
      origin: originOf(values.origin) ?? url.origin,
      userId: nameOf('--user', values.user ?? DEFAULT_USER),
      channelNames: values.channel.map((name) => nameOf('--channel', name)),
      headers: headersOf([...values.header, ...piped.filter((line) => line !== '')]),
      now: terminal.now,
    };
    const diagnosis = await examineEndpoint({
      question,
      appId: appIdOf(values['app-id'], terminal),
      userMatters: values.user !== undefined,
      withCookies: values.cookies,
    });
    if (values.json) terminal.print(JSON.stringify(asJson(question, diagnosis), null, 2));
    else for (const line of plainLines(question, diagnosis, terminal.paint.print)) terminal.print(line);
    return diagnosis.findings.some(({ severity }) => severity === 'fault' || values.strict) ? 1 : 0;
  },
};

function addressOf(text: string | undefined): URL {
  if (text === undefined) {
    throw new UsageError('Give the address: agora-session doctor http://localhost:3000/api/agora/tokens');
  }
  if (isHex32(text)) throw certificateRefused({});
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError('The address must begin with http:// or https://.');
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('The address must have no user and password: pages cannot send them so.');
  }
  return url;
}

function originOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  if (isOrigin(text)) return text;
  throw new UsageError('--origin must be an origin such as http://localhost:3000.');
}

function nameOf(option: string, name: string): string {
  if (isSignalingName(name)) return name;
  throw new UsageError(`${option} must be ${SIGNALING_NAME_RULE}.`);
}

/** The app ID looks like a certificate: one in its place is told by the one that is set here. */
function appIdOf(text: string | undefined, terminal: Terminal): string | null {
  if (text === undefined) return null;
  if (!isHex32(text)) throw new UsageError('--app-id must be 32 hexadecimal digits.');
  const { AGORA_APP_CERTIFICATE } = environmentOf(terminal);
  if (text.toLowerCase() === AGORA_APP_CERTIFICATE?.toLowerCase()) throw certificateRefused({});
  return text;
}

/** @throws UsageError that repeats no value. */
function headersOf(lines: readonly string[]): Headers {
  try {
    return new Headers(
      lines.map((line): [string, string] => {
        const colon = line.indexOf(':');
        return [line.slice(0, colon), line.slice(colon + 1).trim()];
      }),
    );
  } catch {
    throw new UsageError("A header must be written as 'name: value'.");
  }
}

function asJson({ url, origin, userId }: Question, { findings, given, tookMs }: Diagnosis): object {
  const tokens = given.map(({ name, expiresInSeconds }) => ({ name, expiresInSeconds }));
  return { url: `${url.origin}${url.pathname}`, origin, userId, findings, tokens, tookMs };
}

function plainLines({ url, origin, userId }: Question, { findings, given, tookMs }: Diagnosis, paint: Paint): string[] {
  const count = (severity: Finding['severity']) => findings.filter((found) => found.severity === severity).length;
  const [faults, warnings] = [count('fault'), count('warning')];
  const tokens = given.map(({ name, expiresInSeconds }) => `${name} for ${durationText(expiresInSeconds)}`);
  const got = tokens.length > 0 ? `Tokens came: ${tokens.join(', ')}` : 'No token came';
  const verdict = paint(faults > 0 ? 'red' : 'green', `${plural(faults, 'fault')} and ${plural(warnings, 'warning')}.`);
  return [
    `Asked ${url.origin}${url.pathname} as ${userId} from a page of ${origin}.`,
    ...findings.flatMap((found) => findingLines(found, paint)),
    `${got}${tookMs === null ? '' : `, after ${Math.round(tookMs)} ms`}. Found: ${verdict}`,
  ];
}

function findingLines({ severity, code, message, remedy, sessionCode }: Finding, paint: Paint): string[] {
  const label = severity === 'fault' ? paint('red', 'FAULT  ') : paint('yellow', 'WARNING');
  const told = sessionCode === null ? '' : ` A session tells of it as ${sessionCode}.`;
  return [`${label}  ${paint('bold', code)}  ${message}`, `         ${remedy}${paint('dim', told)}`];
}

function plural(count: number, word: string): string {
  return `${count === 0 ? 'no' : count} ${word}${count === 1 ? '' : 's'}`;
}
