import { createRequire } from 'node:module';
import { AgoraServerError } from '../server/index.js';
import type { Command, ExitCode, Terminal } from './terminal.js';
import { UsageError } from './usage-error.js';

// Loaded when named: making a token needs no emulator.
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  token: async () => (await import('./token-command.js')).tokenCommand,
  inspect: async () => (await import('./inspect-command.js')).inspectCommand,
  serve: async () => (await import('./serve-command.js')).serveCommand,
};

const HELP = `Usage: agora-session <command>

  token    make tokens for a user
  inspect  explain a token
  serve    serve tokens and a local Signaling for development

agora-session <command> --help says more; agora-session --version prints the version.`;

/** Runs the command that the arguments name; answers the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [named, ...others] = args;
  // `help token` says what `token --help` says.
  const [name, ...rest] = named === 'help' && others.length > 0 ? [...others, '--help'] : args;
  const load = name !== undefined && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) return mainHelp(name, terminal);
  const command = await load();
  if (asksForHelp(rest)) {
    terminal.print(command.help);
    return 0;
  }
  try {
    return await command.run(rest, terminal);
  } catch (error) {
    if (error instanceof UsageError) {
      terminal.note(`${error.message}\nagora-session ${name} --help says how it is used.`);
      return 2;
    }
    // What the system refuses, such as a file or a port, is the user's to see to, and no mistake of the program.
    if (!(error instanceof AgoraServerError) && !isSystemError(error)) throw error;
    terminal.note(error.message);
    return 1;
  }
}

/** What comes after `--` is no option. */
function asksForHelp(args: readonly string[]): boolean {
  const help = args.findIndex((arg) => arg === '--help' || arg === '-h' || arg === '--');
  return help >= 0 && args[help] !== '--';
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
  terminal.note(`There is no command of that name.\n${HELP}`);
  return 2;
}
