import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Environment } from '../dev-backend/index.js';
import type { ExitCode } from './terminal.js';

const HANDED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a program with this process's own input and output, hands signals on to it, and resolves with its exit code. What a signal has
 * ended has 128 and the signal's number, as in a shell.
 *
 * @throws the system's error when it cannot be started.
 */
export function runProgram(command: string, args: readonly string[], environment: Environment): Promise<ExitCode> {
  // On Windows npm and its like are scripts, which only a shell can start.
  const shell = process.platform === 'win32';
  const child = spawn(command, args, { stdio: 'inherit', env: { ...environment }, shell });
  const handOn = (signal: NodeJS.Signals): void => {
    // Ctrl+C at a terminal reaches the program by itself; a second one would tell it not to clean up.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of HANDED_ON) process.on(signal, handOn);
  return new Promise<ExitCode>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  }).finally(() => {
    for (const signal of HANDED_ON) process.off(signal, handOn);
  });
}
