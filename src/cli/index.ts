#!/usr/bin/env node
import { painter, showsColours } from './colours.js';
import { run } from './run.js';
import { runProgram } from './run-program.js';

/** Resolves at the first signal. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => process.once('SIGINT', () => resolve()).once('SIGTERM', () => resolve()));
}

/** Whoever has read enough, as `head` has, closes the pipe; what is written after that interests nobody. */
function letReadersGo(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

const { stdin, stdout, stderr, env } = process;
letReadersGo(stdout);
letReadersGo(stderr);
process.exitCode = await run(process.argv.slice(2), {
  directory: process.cwd(),
  environment: env,
  stdin,
  print: (line) => stdout.write(`${line}\n`),
  note: (line) => stderr.write(`${line}\n`),
  paint: { print: painter(showsColours(stdout, env)), note: painter(showsColours(stderr, env)) },
  now: Date.now,
  interrupted,
  execute: runProgram,
});
