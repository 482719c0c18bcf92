import type { Readable } from 'node:stream';
import type { Environment } from '../dev-backend/index.js';
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
  /** The time, in milliseconds since the epoch. */
  now(): number;
  /** Resolves when the user wants a command that goes on for ever to end. */
  interrupted(): Promise<void>;
}

/** How a command ends: 0 done, 1 not possible or not good, 2 wrongly called. */
export type ExitCode = 0 | 1 | 2;

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
