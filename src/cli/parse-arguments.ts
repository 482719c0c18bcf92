import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isHex32 } from '../token/identifiers.js';
import { nearest } from './nearest.js';
import { UsageError } from './usage-error.js';

type Options = NonNullable<ParseArgsConfig['options']>;

/** The option of those commands that need a certificate. */
export const FROM_STDIN = 'certificate-from-stdin';

const SECRET_OPTION = /^--?[\w-]*(?:cert|secret)/i;
const SECRET_ASSIGNMENT = /certificate\s*[=:]\s*["']?[0-9a-f]{32}/i;
const HEX_32 = /[0-9a-f]{32}/i;
const TOKEN = /00[67][A-Za-z0-9+/=]{20}/;

/**
 * Reads the arguments of a command.
 *
 * @param most how many arguments without a name the command takes.
 * @throws UsageError for what it does not know, and for a certificate among the arguments. It repeats no value.
 */
export function parseArguments<T extends Options>(
  args: readonly string[],
  options: T,
  most: number,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>> {
  const secret = args.find((arg) => SECRET_OPTION.test(arg) && arg !== `--${FROM_STDIN}`);
  if (secret?.startsWith(`--${FROM_STDIN}=`)) throw new UsageError(`--${FROM_STDIN} takes no value: pipe it in.`);
  if (secret !== undefined) {
    const [name] = /^--?[a-z-]{1,30}(?==|$)/i.exec(secret) ?? [];
    throw name === undefined ? certificateRefused(options) : new UsageError(`${name} is refused. ${refusal(options)}`);
  }
  if (args.some((arg) => SECRET_ASSIGNMENT.test(arg))) throw certificateRefused(options);
  const parsed = parse(args, options);
  if (parsed.positionals.length <= most) return parsed;
  if (parsed.positionals.slice(most).some(isHex32)) throw certificateRefused(options);
  throw new UsageError('There are too many arguments.');
}

/** A certificate stands where something else belongs. */
export function certificateRefused(options: object): UsageError {
  return new UsageError(`A certificate is refused here. ${refusal(options)}`);
}

function refusal(options: object): string {
  const piped = FROM_STDIN in options ? `, or pipe it in with --${FROM_STDIN}` : '';
  return (
    'Every user of this machine can read arguments in the process list, and the shell keeps them. ' +
    `Set AGORA_APP_CERTIFICATE in the environment or in .env${piped}.`
  );
}

function parse<T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    const [message = ''] = error instanceof Error ? error.message.split('. ') : [];
    if (HEX_32.test(message)) throw certificateRefused(options);
    if (TOKEN.test(message)) throw new UsageError('There is an option that is not known.');
    throw new UsageError(`${message}${meant(message, options)}`);
  }
}

/** The option that was probably meant by one that is not known. */
function meant(message: string, options: object): string {
  const [, unknown] = /^Unknown option '--?([\w-]+)'$/.exec(message) ?? [];
  const known = unknown === undefined ? null : nearest(unknown, Object.keys(options));
  return known === null ? '' : `. Did you mean --${known}?`;
}
