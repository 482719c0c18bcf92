import { once } from 'node:events';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import agoraToken from 'agora-token';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { showsColours } from '../../src/cli/colours.js';
import type { DevConfig } from '../../src/dev-backend/index.js';
import { connectEmulator } from '../../src/emulator/client.js';
import { buildAccessToken, buildRtcToken, buildRtmToken, verifyAccessToken } from '../../src/server/index.js';
import { appCertificate, appId } from '../server/official-tokens.js';
import { cutOff, firstLine, runCli, runProcess, start } from './run-cli.js';

const project = { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate };
const verified = (token: string) => verifyAccessToken(token, { appId, appCertificate });

const rtmOf = (userId: string) => buildRtmToken({ appId, appCertificate, userId, expiresInSeconds: 3600 });

describe('agora-session', () => {
  test.each<[string[], number, RegExp]>([
    [['--help'], 0, /Usage: agora-session <command>/],
    [['token', '--help'], 0, /Usage: agora-session token <user>/],
    [['inspect', '--help'], 0, /Usage: agora-session inspect/],
    [['serve', '-h'], 0, /Usage: agora-session serve/],
    [[], 2, /Usage: agora-session <command>/],
    [['constructor'], 2, /There is no command of that name/],
    [['token'], 2, /Name the user/],
    [['token', 'alice', 'bob'], 2, /too many arguments/],
    [['token', 'alice', '--frobnicate'], 2, /Unknown option '--frobnicate'/],
    [['inspect'], 2, /Give the token/],
    [['serve', '--port', 'many'], 2, /--port must be a number/],
    [['serve', '--origin', 'http://localhost:3000/'], 2, /--origin must be an origin/],
    [['serve', '--emulator', '--no-emulator'], 2, /contradict/],
    [['tokne'], 2, /no command of that name: tokne\. Did you mean token\?/],
    [['docter', '--json'], 2, /Did you mean doctor\?/],
    [['frobnicate'], 2, /no command of that name: frobnicate\.\n/],
    [['token', 'alice', '--chanel', 'stage'], 2, /Unknown option '--chanel'\. Did you mean --channel\?/],
    [['serve', '--orgiin', 'http://localhost:3000'], 2, /Did you mean --origin\?/],
    [['token', 'alice', '--expires', '25h'], 2, /--expires must be/],
    [['token', 'alice', '--expires', '0m'], 2, /--expires must be/],
    [['token', 'alice', '--expires', '1d'], 2, /--expires must be/],
    [['token', 'alice', '--expires', '1.5h'], 2, /--expires must be/],
    [['serve', '--expires', 'soon'], 2, /--expires must be/],
    [['token', 'alice', '--role', 'publisher'], 2, /name one with --channel/],
    [['token', 'alice', '--channel', 'stage', '--role', 'host'], 2, /"publisher" or "subscriber"/],
    [['token', 'alice', '--expires', '1e3'], 2, /--expires must be/],
    [['token', 'alice', '--expires', ''], 2, /--expires must be/],
    [['token', 'alice', '--channel', ''], 2, /--channel must be/],
    [['token', '_alice'], 2, /The user must be/],
    [['token', '--', '--help'], 0, /^007/],
    [['help', 'token'], 0, /Usage: agora-session token <user>/],
    [['--version'], 0, /^\d+\.\d+\.\d+$/],
  ])('%j', async (args, code, text) => {
    const finished = await runCli(args, { environment: project });
    expect(finished.code).toBe(code);
    expect(code === 0 ? finished.stdout : finished.stdout + finished.stderr).toMatch(text);
  });
});

describe('agora-session token', () => {
  test('prints a login token and nothing else', async () => {
    const { code, stdout, stderr } = await runCli(['token', 'alice', '--expires', '90'], { environment: project });
    expect([code, stderr]).toEqual([0, '']);
    expect(verified(stdout.trim())).toMatchObject({
      expiresInSeconds: 90,
      services: [{ name: 'rtm', userId: 'alice' }],
    });
  });

  test('names each token where there are several', async () => {
    const args = ['token', 'alice', '--channel', 'stage', '--channel', 'constructor'];
    const { stdout } = await runCli(args, {
      envFile: `AGORA_APP_ID=${appId}\nAGORA_APP_CERTIFICATE="${appCertificate}"\n`,
    });
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => line.split('\t'));
    expect(lines.map(([name]) => name)).toEqual(['signaling', 'stage', 'constructor']);
    expect(lines.map(([, token]) => verified(token ?? '').services[0]?.name)).toEqual(['rtm', 'rtc', 'rtc']);
  });

  test.each([
    ['90', 90],
    ['90s', 90],
    ['10m', 600],
    ['24h', 86_400],
  ])('takes %s for a life', async (life, seconds) => {
    const { stdout } = await runCli(['token', 'alice', '--expires', life], { environment: project });
    expect(verified(stdout.trim()).expiresInSeconds).toBe(seconds);
  });

  test.each([
    ['publisher', [1, 2, 3, 4]],
    ['subscriber', [1]],
    [null, [1, 4]],
  ])('gives the privileges of the role %s', async (role, privileges) => {
    const args = ['token', 'alice', '--channel', 'stage', '--json', ...(role === null ? [] : ['--role', role])];
    const { stdout } = await runCli(args, { environment: project });
    const [service] = verified(JSON.parse(stdout).channels.stage.token).services;
    expect([...(service?.privileges.keys() ?? [])]).toEqual(privileges);
  });

  test('prints JSON in the form of the token endpoint', async () => {
    const { stdout } = await runCli(['token', 'alice', '--channel', 'stage', '--json'], { environment: project });
    expect(JSON.parse(stdout)).toEqual({
      userId: 'alice',
      signaling: { token: expect.stringMatching(/^007/), expiresIn: 3600 },
      channels: { stage: { token: expect.stringMatching(/^007/), expiresIn: 3600 } },
    });
  });

  test('takes the certificate from standard input', async () => {
    const args = ['token', 'alice', '--certificate-from-stdin'];
    const { stdout } = await runCli(args, { environment: { AGORA_APP_ID: appId }, stdin: `${appCertificate}\n` });
    expect(verified(stdout.trim()).appId).toBe(appId);
  });

  test.each([
    [['token', 'alice', '--certificate', appCertificate]],
    [['token', 'alice', `--app-certificate=${appCertificate}`]],
    [['token', 'alice', appCertificate]],
    [['token', 'alice', '--agora-app-certificate', appCertificate]],
    [['token', 'alice', `--appSecret=${appCertificate}`]],
    [['inspect', '007eJx', '--cert', appCertificate]],
    [['serve', '--app-certificate', appCertificate]],
    [['serve', appCertificate]],
    [['token', `AGORA_APP_CERTIFICATE=${appCertificate}`]],
    [['token', 'alice', `AGORA_APP_CERTIFICATE=${appCertificate}`]],
    [['token', appCertificate]],
    [['token', 'alice', '--channel', appCertificate]],
    [['token', 'alice', `--${appCertificate}`]],
    [['token', appCertificate.toUpperCase()]],
    [['token', 'alice', `--certificate:${appCertificate}`]],
    [['token', 'alice', `--certificate ${appCertificate}`]],
    [['token', 'alice', `-cert${appCertificate}`]],
  ])('does not take a certificate from arguments, and says why', async (args) => {
    const { code, stdout, stderr } = await runCli(args, { environment: project });
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain('process list');
    expect(stderr.toLowerCase()).not.toContain(appCertificate.toLowerCase());
    // What is advised is an option of the command.
    expect(stderr.includes('--certificate-from-stdin')).toBe(args[0] !== 'serve');
  });

  test.each([
    [['token', 'alice', '--certificate-from-stdin'], '', /Standard input was empty/],
    [['token', 'alice', `--certificate-from-stdin=${appCertificate}`], '', /takes no value/],
  ])('says how a certificate is piped in', async (args, stdin, text) => {
    const { code, stderr } = await runCli(args, { environment: { AGORA_APP_ID: appId }, stdin });
    expect([code, stderr]).toEqual([2, expect.stringMatching(text)]);
    expect(stderr).not.toContain(appCertificate);
  });

  test('lets a channel speak of certificates', async () => {
    const finished = await runCli(['token', 'alice', '--channel', 'gift certificate: 5'], { environment: project });
    expect(finished).toMatchObject({ code: 0 });
  });

  test('knows of certificates that have nothing to do with Agora', async () => {
    const environment = { ...project, VITE_SSL_CERTIFICATE: '/etc/ssl/local.pem' };
    expect(await runCli(['token', 'alice'], { environment })).toMatchObject({ code: 0 });
  });

  test('reads an .env file as a Windows editor writes it', async () => {
    const envFile = `\uFEFFAGORA_APP_ID=${appId}\r\nAGORA_APP_CERTIFICATE=${appCertificate}\r\n`;
    expect(await runCli(['token', 'alice'], { envFile })).toMatchObject({ code: 0 });
  });

  test('says what is missing', async () => {
    expect(await runCli(['token', 'alice'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('AGORA_APP_ID'),
    });
    const half = await runCli(['token', 'alice'], { environment: { AGORA_APP_ID: appId } });
    expect(half).toMatchObject({ code: 1, stderr: expect.stringContaining('AGORA_APP_CERTIFICATE is not set') });
  });

  test('refuses a life that is an absolute time', async () => {
    const { code, stderr } = await runCli(['token', 'alice', '--expires', '1767225600'], { environment: project });
    expect([code, stderr]).toEqual([2, expect.stringContaining('absolute timestamp')]);
  });
});

describe('agora-session inspect', () => {
  const rtm = buildRtmToken({ appId, appCertificate, userId: 'alice', expiresInSeconds: 3600 });

  test('explains a token, without a certificate too', async () => {
    const { code, stdout } = await runCli(['inspect', rtm]);
    expect(code).toBe(0);
    expect(stdout).toContain(`app ID     ${appId}`);
    expect(stdout).toContain('life       1 h');
    expect(stdout).toContain('service    RTM; userId "alice"; allows login 1 h');
    expect(stdout).toContain('signature  not checked');
    expect(stdout).not.toContain('WARNING');
  });

  test('reads the token from standard input and verifies it', async () => {
    const { code, stdout } = await runCli(['inspect', '-', '--json'], { environment: project, stdin: `${rtm}\n` });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      appId,
      signature: 'holds',
      expiresInSeconds: 3600,
      services: [{ service: 'rtm', privileges: { login: 3600 }, fields: { userId: 'alice' } }],
      warnings: [],
    });
  });

  test.each<[string, Record<string, string>]>([
    ['fails', { ...project, AGORA_APP_CERTIFICATE: 'b'.repeat(32) }],
    ['other-app', { ...project, AGORA_APP_ID: 'b'.repeat(32) }],
  ])('ends with 1 where the signature is found to be "%s"', async (signature, environment) => {
    const { code, stdout } = await runCli(['inspect', rtm, '--json'], { environment });
    expect([code, JSON.parse(stdout).signature]).toEqual([1, signature]);
  });

  test.each([
    ['wrapped', `${rtm.slice(0, 40)}\n${rtm.slice(40, 80)}\r\n  ${rtm.slice(80)}`],
    ['in quotes', `"${rtm}"`],
    ['with space around it', `  ${rtm} `],
    ['as a header has it', `Bearer ${rtm}`],
    ['with its header', `Authorization: Bearer ${rtm}`],
    ['as code has it', `token: "${rtm}",`],
    ['with what nobody sees', `\u200b\`${rtm}\`\ufeff`],
    ['as URLs have base64', rtm.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_')],
    ['as URLs have base64, in JSON', JSON.stringify({ token: rtm.replaceAll('+', '-').replaceAll('/', '_') })],
    ['as a line of several', `signaling\t${rtm}\n`],
    ['as a server’s JSON', JSON.stringify({ token: rtm, code: '200' })],
  ])('reads a token that was pasted %s', async (_name, pasted) => {
    for (const [args, stdin] of [
      [['inspect', pasted], ''],
      [['inspect', '-'], pasted],
    ] as const) {
      const { code, stdout } = await runCli(args, { environment: project, stdin });
      expect([code, stdout]).toEqual([0, expect.stringContaining('signature  holds')]);
    }
  });

  test.each<[string, string, number, RegExp]>([
    ['cut off', rtm.slice(0, -7), 1, /cut off/],
    ...cutOff(rtm).map((token, nth): [string, string, number, RegExp] => [`cut off: ${nth}`, token, 1, /cut off/]),
    ['several', `signaling\t${rtm}\nstage\t${rtm}\n`, 2, /one token alone/],
    ['JSON without any', '{"signaling":{}}', 2, /one token alone/],
  ])('says what is wrong with what is %s', async (_name, stdin, code, text) => {
    expect(await runCli(['inspect', '-'], { stdin })).toMatchObject({ code, stderr: expect.stringMatching(text) });
  });

  test.each<[string, Record<string, string>]>([
    ['half', { AGORA_APP_ID: appId }],
    ['wrong', { ...project, AGORA_APP_CERTIFICATE: 'secret' }],
  ])('explains a token although the project is %s', async (_name, environment) => {
    const { code, stdout, stderr } = await runCli(['inspect', rtm], { environment });
    expect([code, stdout]).toEqual([0, expect.stringContaining('signature  not checked')]);
    expect(stderr).toMatch(/The signature cannot be checked: AGORA_APP_CERTIFICATE/);
  });

  test('is not content with a certificate that was piped in and is none', async () => {
    const piped = await runCli(['inspect', rtm, '--certificate-from-stdin'], {
      environment: { AGORA_APP_ID: appId },
      stdin: 'not a certificate',
    });
    expect(piped).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('AGORA_APP_CERTIFICATE') });
  });

  test('does not take a chat user for the user', async () => {
    const services = [{ service: 'chat', userId: '5d41402a', privileges: ['user'] }] as const;
    const token = buildAccessToken({ appId, appCertificate, services, expiresInSeconds: 60 });
    expect((await runCli(['inspect', token, '--user', 'alice'])).stdout).not.toContain('not for alice');
  });

  test('ends with 1 and a reason for what is no token', async () => {
    const finished = await runCli(['inspect', `${rtm.slice(0, -8)}AAAAAAA=`]);
    expect(finished).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^The token /) });
  });

  const grants = {
    rtc: { service: 'rtc', channelName: 'stage', userId: 'bob', privileges: { joinChannel: 60 } },
  } as const;
  test.each<[string, string[], number]>([
    [
      buildRtmToken({ appId, appCertificate, userId: 'alice', expiresInSeconds: 60, issuedAt: 1_700_000_000 }),
      ['LAPSED'],
      1,
    ],
    [
      buildRtmToken({ appId, appCertificate, userId: 'alice', expiresInSeconds: 60, issuedAt: 4_000_000_000 }),
      ['ISSUED_IN_FUTURE'],
      0,
    ],
    [
      buildRtcToken({ appId, appCertificate, userId: 'alice', channelName: 'stage', expiresInSeconds: 60 }),
      ['NO_RTM_SERVICE'],
      0,
    ],
    [
      buildAccessToken({ appId, appCertificate, expiresInSeconds: 3600, services: [grants.rtc] }),
      ['SHORT_PRIVILEGE', 'NO_RTM_SERVICE', 'WRONG_USER'],
      0,
    ],
    [agoraToken.RtmTokenBuilder.buildToken(appId, appCertificate, 'alice', 90_000), ['OVER_24_HOURS'], 0],
    [agoraToken.RtmTokenBuilder.buildToken(appId, appCertificate, 'alice', 1_800_000_000), ['ABSOLUTE_TIMESTAMP'], 0],
    [agoraToken.RtmTokenBuilder.buildToken(appId, appCertificate, 'bob', 3600), ['WRONG_USER'], 0],
  ])('warns of what will go wrong: %#', async (token, warnings, code) => {
    const finished = await runCli(['inspect', token, '--user', 'alice', '--json']);
    expect(JSON.parse(finished.stdout).warnings.map((warning: { code: string }) => warning.code)).toEqual(warnings);
    expect(finished.code).toBe(code);
  });
});

describe('agora-session inspect --strict', () => {
  const built = { appId, appCertificate, userId: 'alice', expiresInSeconds: 3600 };
  const rtm = buildRtmToken(built);
  const rtc = buildRtcToken({ ...built, channelName: 'stage' });

  test.each<[string, string[], number]>([
    ['a good login', [rtm], 0],
    ['a good login of that user', [rtm, '--user', 'alice'], 0],
    ['a good channel', [rtc, '--user', 'alice', '--channel', 'stage'], 0],
    ['another user', [rtm, '--user', 'bob'], 1],
    ['another channel', [rtc, '--channel', 'vault'], 1],
    ['a channel in the place of a login', [rtc], 1],
    ['a login in the place of a channel', [rtm, '--channel', 'stage'], 1],
    ['more than 24 hours', [agoraToken.RtmTokenBuilder.buildToken(appId, appCertificate, 'alice', 90_000)], 1],
    ['a token of the future', [buildRtmToken({ ...built, issuedAt: 4_000_000_000 })], 1],
    ['a lapsed token', [buildRtmToken({ ...built, issuedAt: 1_700_000_000 })], 1],
    ['a token that is cut off', [rtm.slice(0, -7)], 1],
  ])('%s', async (_name, args, code) => {
    expect(await runCli(['inspect', ...args, '--strict'])).toMatchObject({ code });
  });

  test('is not content with a project that is not right', async () => {
    const half = await runCli(['inspect', rtm, '--strict'], { environment: { AGORA_APP_ID: appId } });
    expect(half).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('AGORA_APP_CERTIFICATE') });
  });
});

describe('colours', () => {
  const rtm = rtmOf('alice');
  test('are there where they can be seen, and nowhere else', async () => {
    const seen = await runCli(['inspect', rtm, '--user', 'bob'], { colours: true });
    expect(seen.stdout).toContain('\u001b[33mWARNING\u001b[39m');
    expect((await runCli(['inspect', rtm, '--user', 'bob'])).stdout).not.toContain('\u001b');
    expect((await runCli(['inspect', rtm, '--json'], { colours: true })).stdout).not.toContain('\u001b');
  });

  test.each<[boolean, Record<string, string>, boolean]>([
    [true, {}, true],
    [false, {}, false],
    [true, { NO_COLOR: '1' }, false],
    [true, { NO_COLOR: '' }, true],
    [true, { TERM: 'dumb' }, false],
    [false, { FORCE_COLOR: '1' }, true],
    [false, { FORCE_COLOR: '' }, true],
    [true, { FORCE_COLOR: '0' }, false],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
  ])('with a terminal: %s, environment %j: %s', (isTTY, environment, shown) => {
    expect(showsColours({ isTTY }, environment)).toBe(shown);
  });
});

describe('--json', () => {
  test.each<[string[], string]>([
    [['token', '--json'], 'USAGE'],
    [['inspect', '007nonsense', '--json'], 'MALFORMED'],
    [['serve', '--port', 'many', '--json'], 'USAGE'],
    [['exec', '--json'], 'USAGE'],
    [['doctor', '--json', 'nowhere'], 'USAGE'],
    [['init', '--json'], 'USAGE'],
  ])('says errors as data: %j', async (args, code) => {
    const { stdout, stderr } = await runCli(args, { environment: project });
    expect([stdout, JSON.parse(stderr)]).toEqual(['', { error: { code, message: expect.any(String) } }]);
  });
});

describe('as a process of its own', () => {
  test('it makes a token from a .env file that it then explains from standard input', async () => {
    const envFile = `AGORA_APP_ID=${appId}\nAGORA_APP_CERTIFICATE=${appCertificate}\n`;
    const made = await runProcess(['token', 'alice'], { envFile });
    expect([made.code, made.stderr]).toEqual([0, '']);
    const explained = await runProcess(['inspect', '-'], { envFile, stdin: made.stdout });
    expect([explained.code, explained.stdout]).toEqual([0, expect.stringContaining('signature  holds')]);
  });

  test('it ends with the exit code and a word on standard error when wrongly called', async () => {
    const finished = await runProcess(['token']);
    expect(finished).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('Name the user') });
  });

  test('it minds neither a reader who has read enough nor an .env that is none', async () => {
    const child = start(['inspect', rtmOf('alice')]);
    child.stdout.destroy();
    const complaints = textOf(child.stderr);
    const [code] = await once(child, 'close');
    expect([code, await complaints]).toEqual([0, '']);

    const directory = mkdtempSync(join(tmpdir(), 'agora-session-cli-'));
    mkdirSync(join(directory, '.env'));
    const unreadable = await runCli(['token', 'alice'], { directory });
    expect(unreadable).toMatchObject({ code: 1, stderr: expect.stringMatching(/^EISDIR[^\n]*$/) });
  });

  test('it serves tokens of a made-up project, tells where, and ends on a signal', async () => {
    const child = start(['serve', '--port', '0', '--json']);
    const { url, config } = JSON.parse(await firstLine(child)) as { url: string; config: DevConfig };
    expect(config).toMatchObject({ emulator: true, throwawayCredentials: true, expiresInSeconds: 3600 });
    const response = await fetch(`${url}/api/agora/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ userId: 'alice', signaling: true }),
    });

    const second = await runCli(['serve', '--port', new URL(url).port]);
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('is taken') });

    // A user who is logged in must not keep the process alive.
    const { RTM } = connectEmulator(`${url}${config.signalingPath}`, { WebSocket });
    const { signaling } = (await response.json()) as { signaling: { token: string; expiresIn: number } };
    expect(signaling.expiresIn).toBe(3600);
    await new RTM(config.appId, 'alice').login({ token: signaling.token });

    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    expect(await closed).toBe(0);
  });
});

describe('agora-session serve', () => {
  test('says which port is wrong, and takes an empty PORT for none', async () => {
    const wrong = await runCli(['serve'], { environment: { PORT: 'many' } });
    expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('PORT must be a number') });
    const taken = createServer().listen(8082, '127.0.0.1');
    await Promise.race([once(taken, 'listening'), once(taken, 'error')]); // somebody else may have it
    const empty = await runCli(['serve'], { environment: { PORT: '' } });
    expect(empty).toMatchObject({ code: 1, stderr: expect.stringContaining('8082 is taken') });
    taken.close();
  });

  test('is not for production, and needs a project to do without the local Signaling', async () => {
    const production = await runCli(['serve', '--port', '0'], { environment: { ...project, NODE_ENV: 'production' } });
    expect(production).toMatchObject({ code: 2, stderr: expect.stringContaining('unset NODE_ENV') });
    const nowhere = await runCli(['serve', '--port', '0', '--no-emulator']);
    expect(nowhere).toMatchObject({ code: 2, stderr: expect.stringContaining('made-up project') });
  });

  test('tells where everything is', async () => {
    const { code, stdout } = await runCli(['serve', '--port', '0'], { environment: { TOKEN_TTL_SECONDS: '30' } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/serves at http:\/\/127\.0\.0\.1:\d+/);
    expect(stdout).toContain('life       30 s');
    expect(stdout).toContain('made up for this run');
  });

  test('means Agora with real credentials, unless told otherwise', async () => {
    const lines = async (...args: string[]) =>
      (await runCli(['serve', '--port', '0', ...args], { environment: project })).stdout;
    expect(await lines()).toContain('Signaling  that of Agora');
    expect(await lines('--emulator')).toContain('Signaling  local');
    expect(await lines('--emulator')).not.toContain(appCertificate);
  });
});
