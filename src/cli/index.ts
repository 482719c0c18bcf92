#!/usr/bin/env node
import { run } from './run.js';

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

letReadersGo(process.stdout);
letReadersGo(process.stderr);
process.exitCode = await run(process.argv.slice(2), {
  directory: process.cwd(),
  environment: process.env,
  stdin: process.stdin,
  print: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  now: Date.now,
  interrupted,
});
