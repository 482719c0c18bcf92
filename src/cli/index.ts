#!/usr/bin/env node
import { run } from './run.js';

const GRACE_MS = 500;

/** Resolves at the first signal. The users of a local Signaling leave timers behind that would keep the process alive for minutes. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => {
      resolve();
      setTimeout(() => process.exit(), GRACE_MS).unref();
    };
    process.once('SIGINT', end).once('SIGTERM', end);
  });
}

process.exitCode = await run(process.argv.slice(2), {
  directory: process.cwd(),
  environment: process.env,
  stdin: process.stdin,
  print: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  now: Date.now,
  interrupted,
});
