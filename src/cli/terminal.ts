import type { Readable } from 'node:stream';
import type { Environment } from '../dev-backend/index.js';
import type { Paint } from './colours.js';
import { UsageError } from './usage-error.js';

/** Everything that a command has to do with the world. */
export interface Terminal {
  /** Where `.env` is looked for. */
  readonly directory: string;
  readonly environment: Environment;
  readonly stdin: Readable;
  /** Writes a line of what was asked for. */
  print(line: string): void;
  /** Writes a line about it, apart from the result. */
  note(line: string): void;
  /** Styles for what is printed, and for what is noted: either may be read by a program. */
  readonly paint: { readonly print: Paint; readonly note: Paint };
  /** The time, in milliseconds since the epoch. */
  now(): number;
  /** Resolves when the user wants a command that goes on for ever to end. */
  interrupted(): Promise<void>;
  /**
   * Runs another program on this terminal, hands signals on to it, and resolves with its exit code.
   *
   * @throws the system's error when it cannot be started.
   */
  execute(command: string, args: readonly string[], environment: Environment): Promise<ExitCode>;
}

/** How a command ends: 0 done, 1 not possible or not good, 2 wrongly called; `exec` ends as the program that it runs. */
export type ExitCode = number;

/** A command of the terminal. */
export interface Command {
  /** What `--help` prints. */
  readonly help: string;
  run(args: readonly string[], terminal: Terminal): Promise<ExitCode>;
}

/** The most characters that are read from standard input; the longest token and what a server may say around it fit in. */
const MAX_INPUT_CHARACTERS = 200_000;

/**
 * Everything that comes from standard input, without the white space around it.
 *
 * @throws UsageError for more than any token or certificate comes to, before it is all read.
 */
export async function readStdin({ stdin }: Terminal): Promise<string> {
  let text = '';
  for await (const chunk of stdin) {
    text += String(chunk);
    if (text.length > MAX_INPUT_CHARACTERS) {
      throw new UsageError(`Standard input has more than ${MAX_INPUT_CHARACTERS} characters, which no token has.`);
    }
  }
  return text.trim();
}
