import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { appCertificate, appId } from '../server/official-tokens.js';
import { firstLine, runCli, runProcess, start } from './run-cli.js';

/** Runs a script of Node through `exec`, as a process of its own. */
const execScript = (script: string, args: string[] = [], environment: Record<string, string> = {}) =>
  runProcess(['exec', ...args, '--', process.execPath, '--input-type=module', '-e', script], { environment });

const ask = `
const post = (headers) => fetch(process.env.AGORA_SESSION_URL + '/api/agora/tokens', {
  method: 'POST',
  headers: { 'content-type': 'application/json', ...headers },
  body: JSON.stringify({ userId: 'alice', signaling: true }),
});
`;

describe('agora-session exec', () => {
  test('has tokens and the local Signaling at hand, and prints nothing of its own', async () => {
    const script = `${ask}
      const config = await (await fetch(process.env.VITE_AGORA_SESSION_URL + '/api/agora/config')).json();
      const { signaling } = await (await post({})).json();
      const { AGORA_APP_ID, AGORA_SESSION_MADE_UP_APP_ID, AGORA_APP_CERTIFICATE, TOKEN_TTL_SECONDS } = process.env;
      const same = [config.appId, AGORA_APP_ID, AGORA_SESSION_MADE_UP_APP_ID].every((id) => id === AGORA_APP_ID);
      console.log(JSON.stringify([config.emulator, same, AGORA_APP_CERTIFICATE.length, TOKEN_TTL_SECONDS, signaling.expiresIn]));`;
    const { code, stdout, stderr } = await execScript(script, ['--expires', '5m']);
    expect([code, stderr, JSON.parse(stdout)]).toEqual([0, '', [true, true, 32, '300', 300]]);
  });

  test('tells on standard error what was refused, and as JSON everything', async () => {
    const script = `${ask} await post({}); await post({ origin: 'http://evil.example' });`;
    const plain = await execScript(script);
    expect(plain).toMatchObject({ code: 0, stdout: '' });
    expect(plain.stderr).toMatch(/^[\d:]{8} {2}POST \/api\/agora\/tokens {2}403 FOREIGN_ORIGIN .*ms\n$/);
    const json = await execScript(script, ['--json']);
    const lines = json.stderr.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/), config: { emulator: true } },
      { request: { status: 200, userId: 'alice' } },
      { request: { status: 403, code: 'FOREIGN_ORIGIN' } },
    ]);
    expect(json.stderr).not.toMatch(/00[67][A-Za-z0-9+/]{20}/);
  });

  test('is of the project that is set, where that is wanted', async () => {
    const environment = { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate };
    const script = `console.log([process.env.AGORA_APP_ID, process.env.AGORA_SESSION_MADE_UP_APP_ID].join())`;
    const { code, stdout } = await execScript(script, ['--project'], environment);
    expect([code, stdout]).toEqual([0, `${appId},\n`]);
    const madeUp = await execScript(script, [], environment);
    expect(madeUp.stdout).not.toContain(appId);
  });

  test('a backend that it starts takes the made-up project for one, and has a local Signaling', async () => {
    const backend = new URL('../../src/dev-backend/index.ts', import.meta.url).href;
    const script = `
      const { createDevBackend } = await import(${JSON.stringify(backend)});
      const { config } = createDevBackend({ environment: process.env });
      console.log(JSON.stringify([config.emulator, config.throwawayCredentials]));
      process.exit();`;
    const command = [process.execPath, '--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
    const { stdout } = await runProcess(['exec', '--', ...command]);
    expect(JSON.parse(stdout)).toEqual([true, true]);
  });

  test.each([
    ['process.exit(0)', 0],
    ['process.exit(3)', 3],
    ["process.kill(process.pid, 'SIGKILL')", 137],
  ])('passes on how its command ends: %s', async (script, code) => {
    expect(await runCli(['exec', '--', process.execPath, '-e', script])).toMatchObject({
      code,
      stdout: '',
      stderr: '',
    });
  });

  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)('hands %s on, and ends as its command does', async (signal) => {
    const script = `process.on('${signal}', () => { console.log('cleaned up'); process.exit(7); });
      setInterval(() => {}, 1000); console.log('ready');`;
    const child = start(['exec', '--', process.execPath, '-e', script]);
    let stdout = '';
    child.stdout.on('data', (data) => {
      stdout += String(data);
    });
    expect(await firstLine(child)).toBe('ready');
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill(signal);
    expect([await closed, stdout]).toEqual([7, 'ready\ncleaned up\n']);
  });

  test('a command that cannot be started ends as in a shell', async () => {
    const missing = await runCli(['exec', '--', 'no-such-command-of-anybody']);
    expect(missing).toMatchObject({ code: 127, stderr: 'There is no command "no-such-command-of-anybody".' });
    const directory = mkdtempSync(join(tmpdir(), 'agora-session-cli-'));
    writeFileSync(join(directory, 'file'), '', { mode: 0o600 });
    expect(await runCli(['exec', '--', join(directory, 'file')])).toMatchObject({ code: 126 });
  });

  test.each([
    [['npm', 'test'], /after "--"/],
    [['--'], /after "--"/],
    [['--', ''], /after "--"/],
    [['npm', '--', 'test'], /too many arguments/],
    [['--project', '--', 'true'], /needs AGORA_APP_ID/],
    [['--origin', 'localhost', '--', 'true'], /--origin must be/],
    [['--port', 'many', '--', 'true'], /--port must be/],
    [['--expires', '2d', '--', 'true'], /--expires must be/],
    [['--certificate', appCertificate, '--', 'true'], /is refused/],
  ])('%j is refused', async (args, text) => {
    expect(await runCli(['exec', ...args])).toMatchObject({ code: 2, stderr: expect.stringMatching(text) });
  });

  test('real tokens are refused in production, in words of the command line', async () => {
    const environment = { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate, NODE_ENV: 'production' };
    const refused = await runProcess(['exec', '--project', '--', 'true'], { environment });
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/unset NODE_ENV=production/) });
    expect((await runProcess(['exec', '--', 'true'], { environment })).code).toBe(0);
  });

  test('what comes after "--" is the command’s own, its --help too', async () => {
    const finished = await runCli(['exec', '--', process.execPath, '-e', 'process.exit(5)', '--', '--help', '--json']);
    expect(finished).toMatchObject({ code: 5, stdout: '' });
  });
});
