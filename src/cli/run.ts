import { createRequire } from 'node:module';
import { AgoraServerError } from '../server/index.js';
import { nearest } from './nearest.js';
import type { Command, ExitCode, Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

// Loaded when named: making a token needs no emulator.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  token: async () => (await import('./token-command.js')).tokenCommand,
  inspect: async () => (await import('./inspect-command.js')).inspectCommand,
  serve: async () => (await import('./serve-command.js')).serveCommand,
  exec: async () => (await import('./exec-command.js')).execCommand,
  doctor: async () => (await import('./doctor-command.js')).doctorCommand,
  init: async () => (await import('./init-command.js')).initCommand,
};

const HELP = `Usage: agora-session <command>

  token    make tokens for a user
  inspect  explain a token
  serve    serve tokens and a local Signaling for development
  exec     run a command, such as tests, with those at hand
  doctor   ask a token endpoint as a page would, and explain what is wrong
  init     write a token endpoint for this project's framework

Each takes --json. Colours are left out without a terminal and with NO_COLOR; FORCE_COLOR keeps them.
agora-session <command> --help says more; agora-session --version prints the version.

Example:
  $ agora-session token --help`;

/** Runs the command that the arguments name; answers the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [named, ...others] = args;
  // `help token` says what `token --help` says.
  const [name, ...rest] = named === 'help' && others.length > 0 ? [...others, '--help'] : args;
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) return mainHelp(name, terminal);
  const command = await load();
  if (hasOption(rest, '--help', '-h')) {
    terminal.print(command.help);
    return 0;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    const wronglyCalled = error instanceof UsageError;
    // What the system refuses, such as a file or a port, is the user's to see to, and no mistake of the program.
    if (!wronglyCalled && !(error instanceof AgoraServerError) && !isSystemError(error)) throw error;
    if (hasOption(rest, '--json'))
      terminal.note(JSON.stringify({ error: { code: codeOf(error), message: error.message } }));
    else terminal.note(terminal.paint.note('red', error.message));
    if (!wronglyCalled) return 1;
    if (!hasOption(rest, '--json')) terminal.note(`agora-session ${name} --help says how it is used.`);
    return 2;
  }
}

/** What comes after `--` is no option. */
function hasOption(args: readonly string[], ...names: readonly string[]): boolean {
  const found = args.findIndex((arg) => names.includes(arg) || arg === '--');
  return found >= 0 && args[found] !== '--';
}

function codeOf(error: Error): string {
  if (error instanceof UsageError) return 'USAGE';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function isSystemError(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error;
}

function mainHelp(name: string | undefined, terminal: Terminal): ExitCode {
  if (name === '--version' || name === '-v') {
    terminal.print(createRequire(import.meta.url)('agora-session/package.json').version);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.print(HELP);
    return name === undefined ? 2 : 0;
  }
  terminal.note(`${terminal.paint.note('red', unknownCommand(name))}\n${HELP}`);
  return 2;
}

/** Repeats what was written only where it looks like a command: a secret in its place is not shown. */
function unknownCommand(name: string): string {
  if (!/^[a-z-]{1,20}$/i.test(name)) return 'There is no command of that name.';
  const meant = nearest(name, [...Object.keys(COMMANDS), 'help']);
  return `There is no command of that name: ${name}.${meant === null ? '' : ` Did you mean ${meant}?`}`;
}
