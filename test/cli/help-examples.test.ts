import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { appCertificate, appId } from '../server/official-tokens.js';
import { firstLine, runCli, start } from './run-cli.js';

// The examples of `--help` are run as they stand, by a shell, in an app of npm that has a project in .env.

const ENTRY = fileURLToPath(new URL('../../src/cli/index.ts', import.meta.url));
const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started.splice(0)) child.kill();
});

/** The example in the help of a command. */
async function exampleOf(...command: string[]): Promise<string> {
  const { stdout } = await runCli([...command, '--help']);
  const [, example] = /\nExample:\n {2}\$ (agora-session .*)$/.exec(stdout) ?? [];
  if (example === undefined) throw new Error(`The help of ${command.join(' ') || 'agora-session'} has no example.`);
  return example;
}

/** Starts an example in a shell that knows the command by its name. */
function shell(example: string, environment: Record<string, string> = {}) {
  const directory = mkdtempSync(join(tmpdir(), 'agora-session-cli-'));
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  const command = join(bin, 'agora-session');
  writeFileSync(
    command,
    `#!/bin/sh\nexec "${process.execPath}" --import "${import.meta.resolve('tsx')}" "${ENTRY}" "$@"\n`,
  );
  chmodSync(command, 0o755);
  const project = `AGORA_APP_ID=${appId}\nAGORA_APP_CERTIFICATE=${appCertificate}\n`;
  writeFileSync(join(directory, '.env'), project, { mode: 0o600 });
  const scripts = { test: 'node -e "console.log(process.env.AGORA_SESSION_URL)"' };
  writeFileSync(join(directory, 'package.json'), JSON.stringify({ scripts }));
  const env = {
    PATH: `${bin}:${process.env.PATH}`,
    HOME: directory,
    npm_config_update_notifier: 'false',
    ...environment,
  };
  const child = spawn('sh', ['-c', `exec ${example.replace(/^agora-session/, command)}`], { cwd: directory, env });
  started.push(child);
  return child;
}

async function finished(example: string) {
  const child = shell(example);
  const [stdout, stderr, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, stdout, stderr };
}

/** What each command's example has to do. */
const EXAMPLES: Readonly<Record<string, (example: string) => Promise<void>>> = {
  token: (example) => prints(example, /^signaling\t007\S+\nstage\t007\S+\n$/),

  exec: (example) => prints(example, /\nhttp:\/\/127\.0\.0\.1:\d+\n$/),

  init: (example) => prints(example, /^wrote {2}agora-tokens\.mjs\nwrote {2}\.env\.example\n/),

  async inspect(example) {
    expect(example).toContain(' | ');
    const child = shell(example);
    expect(await textOf(child.stdout)).toMatch(/signature {2}holds\nservice {4}RTM; userId "alice"/);
  },

  async serve(example) {
    const child = shell(example, { PORT: '0' });
    expect(await firstLine(child)).toMatch(/^agora-session serves at http:\/\/127\.0\.0\.1:\d+$/);
    child.kill();
    expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
  },

  async doctor(example) {
    const server = start(['serve', '--port', '0', '--json']);
    started.push(server);
    const { url } = JSON.parse(await firstLine(server)) as { url: string };
    expect(example).toContain(' http://127.0.0.1:8082/');
    const { code, stdout } = await finished(example.replace('http://127.0.0.1:8082', url));
    expect([code, stdout]).toEqual([0, expect.stringContaining('Found: no faults and no warnings.')]);
  },
};

async function prints(example: string, printed: RegExp): Promise<void> {
  expect(await finished(example)).toEqual({ code: 0, stdout: expect.stringMatching(printed), stderr: '' });
}

describe('the example in the help of', { timeout: 60_000 }, () => {
  test('agora-session itself does what it is there for', async () => {
    await prints(await exampleOf(), /Usage: agora-session token/);
  });

  test.each(Object.entries(EXAMPLES))('%s does what it is there for', async (command, check) => {
    await check(await exampleOf(command));
  });

  test('every command is run here', async () => {
    const { stdout } = await runCli(['--help']);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, command]) => command);
    expect(commands.toSorted()).toEqual(Object.keys(EXAMPLES).toSorted());
  });
});
