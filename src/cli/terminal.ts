import type { Readable } from 'node:stream';
import type { Environment } from '../dev-backend/index.js';

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

/** Everything that comes from standard input, without the white space around it. */
export async function readStdin({ stdin }: Terminal): Promise<string> {
  let text = '';
  for await (const chunk of stdin) text += String(chunk);
  return text.trim();
}
