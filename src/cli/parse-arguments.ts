import { type ParseArgsConfig, parseArgs } from 'node:util';
import { isHex32 } from '../token/identifiers.js';
import { UsageError } from './usage-error.js';

type Options = NonNullable<ParseArgsConfig['options']>;

const SECRET_OPTION = /^--?[\w-]*(?:cert|secret)/i;
const WHERE_SECRETS_COME_FROM =
  'Every user of this machine can read arguments in the process list, and the shell keeps them. ' +
  'Set AGORA_APP_CERTIFICATE in the environment or in .env, or pipe it in with --certificate-from-stdin.';

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
  const secret = args.find((arg) => SECRET_OPTION.test(arg) && arg !== '--certificate-from-stdin');
  if (secret !== undefined) {
    throw new UsageError(`${secret.split('=')[0]} is refused. ${WHERE_SECRETS_COME_FROM}`);
  }
  const parsed = parse(args, options);
  if (parsed.positionals.length <= most) return parsed;
  const surplus = parsed.positionals.slice(most).some(isHex32);
  throw new UsageError(
    surplus ? `A certificate is refused here. ${WHERE_SECRETS_COME_FROM}` : 'There are too many arguments.',
  );
}

function parse<T extends Options>(
  args: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split('. ')[0] ?? '') : String(error));
  }
}
