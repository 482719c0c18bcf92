import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { painter } from '../../src/cli/colours.js';
import { run } from '../../src/cli/run.js';
import { runProgram } from '../../src/cli/run-program.js';

const ENTRY = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
const LOADER = import.meta.resolve('tsx');

/** What a run of the command left behind. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run; the environment has nothing but what is given here. */
export interface RunOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string | Readable;
  /** The text of a `.env` file in the directory of the command. */
  readonly envFile?: string;
  /** A directory that is there already. */
  readonly directory?: string;
  /** Whether the terminal shows colours; in a process of its own the environment says so. */
  readonly colours?: boolean;
  /** What happens while a command that goes on for ever runs, with what it has printed; it is interrupted after that. */
  readonly during?: (printed: readonly string[]) => Promise<void>;
}

/** Starts `agora-session` as a process of its own, in an empty directory unless one is given. */
export function start(args: readonly string[], options: RunOptions = {}): ChildProcessWithoutNullStreams {
  const env = { PATH: process.env.PATH ?? '', ...options.environment };
  const cwd = options.directory ?? directoryWith(options.envFile);
  return spawn(process.execPath, ['--import', LOADER, ENTRY, ...args], { cwd, env });
}

/** Runs `agora-session` as a process of its own, to its end. */
export async function runProcess(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const child = start(args, options);
  child.stdin.end(String(options.stdin ?? ''));
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, stdout, stderr };
}

/** Runs `agora-session` in this process, which saves the start of another; a real process is the same but for `index.ts`. */
export async function runCli(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const printed: string[] = [];
  const noted: string[] = [];
  const paint = painter(options.colours ?? false);
  const code = await run(args, {
    directory: options.directory ?? directoryWith(options.envFile),
    environment: options.environment ?? {},
    stdin: options.stdin instanceof Readable ? options.stdin : Readable.from([options.stdin ?? '']),
    print: (line) => void printed.push(line),
    note: (line) => void noted.push(line),
    paint: { print: paint, note: paint },
    now: Date.now,
    async interrupted() {
      await setImmediate(); // what is announced is printed first
      await options.during?.(printed);
    },
    execute: runProgram,
  });
  return { code, stdout: printed.join('\n'), stderr: noted.join('\n') };
}

function directoryWith(envFile: string | undefined): string {
  const directory = mkdtempSync(join(tmpdir(), 'agora-session-cli-'));
  if (envFile !== undefined) writeFileSync(join(directory, '.env'), envFile, { mode: 0o600 });
  return directory;
}

async function textOf(stream: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

/** The first line that a process prints; fails with what it complained about when it ends before that. */
export function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  let complaints = '';
  child.stderr.on('data', (data) => {
    complaints += String(data);
  });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (data) => {
      text += String(data);
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    child.once('close', () => reject(new Error(`The process ended: ${complaints}`)));
  });
}

/** A token without its padding and some letters more, where its length tells that something is missing. */
export function cutOff(token: string): string[] {
  const bare = token.replace(/=*$/, '');
  return [1, 2, 3].map((letters) => bare.slice(0, -letters)).filter(({ length }) => (length - 3) % 4 !== 0);
}
