#!/usr/bin/env node
import { run } from './run.js';

process.exitCode = await run(process.argv.slice(2), {
  directory: process.cwd(),
  environment: process.env,
  stdin: process.stdin,
  print: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
  now: Date.now,
  interrupted: () =>
    new Promise((resolve) => {
      process.once('SIGINT', resolve).once('SIGTERM', resolve);
    }),
});
