import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { RequestReport } from '../../src/dev-backend/index.js';
import { appCertificate, appId } from '../server/official-tokens.js';
import { type RunOptions, runCli } from './run-cli.js';

const project = { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate };
const PAGE = 'http://localhost:3000';

/** Runs `serve` while requests are made of it; what it printed after its announcement. */
async function linesOf(args: string[], use: (url: string) => Promise<unknown>, options: RunOptions = {}) {
  const during = async (announced: readonly string[]) => {
    const [, url = ''] = /(http:\/\/127\.0\.0\.1:\d+)/.exec(announced.join('\n')) ?? [];
    await use(url);
  };
  const { code, stdout, stderr } = await runCli(['serve', '--port', '0', ...args], { ...options, during });
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).not.toMatch(/00[67][A-Za-z0-9+/]{20}/);
  expect(stdout).not.toContain(appCertificate);
  return stdout.split('\n').slice(args.includes('--json') ? 1 : 5);
}

const post = (url: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }).then((response) => response.text());

const wantsTokens = { userId: 'alice', signaling: true, channels: ['stage'] };

test('each request is a line: who got what, what was refused, whose page was', async () => {
  const lines = await linesOf(['--origin', PAGE], async (url) => {
    await post(url, '/api/agora/tokens?expiresInSeconds=60&secret=hush', wantsTokens, { origin: PAGE });
    await post(url, '/api/agora/tokens', { userId: '_alice', signaling: true });
    await post(url, '/api/agora/tokens', wantsTokens, { origin: 'http://evil.example' });
    await post(url, '/fetch_rtm_token', { uid: 'alice' });
    await post(url, '/api/agora/token', wantsTokens);
    await post(url, '/api/agora/tokens', wantsTokens, { forwarded: 'for=203.0.113.9' });
  });
  const shown = lines.map((line) => line.replace(/^\d\d:\d\d:\d\d {2}(.*) {2}\d+ ms$/, '$1'));
  expect(shown).toEqual([
    `POST /api/agora/tokens  200  alice: signaling, stage  from ${PAGE}`,
    'POST /api/agora/tokens  400 INVALID_REQUEST',
    'POST /api/agora/tokens  403 FOREIGN_ORIGIN  from http://evil.example  let it in with --origin http://evil.example',
    'POST /fetch_rtm_token  200',
    'POST /api/agora/token  404 NOT_FOUND  there is nothing at this path',
    'POST /api/agora/tokens  200  alice: signaling, stage',
  ]);
});

test('with --json each is a line of JSON, WebSockets too', async () => {
  const upgrade = async (url: string, origin: string) => {
    const { port, host } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    const key = 'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n';
    const start = `GET /api/agora/signaling?token=hush HTTP/1.1\r\nhost: ${host}\r\norigin: ${origin}\r\n`;
    socket.end(`${start}connection: upgrade\r\nupgrade: websocket\r\n${key}\r\n`);
    return textOf(socket);
  };
  const lines = await linesOf(
    ['--json'],
    async (url) => {
      await post(url, '/api/agora/tokens', wantsTokens, { forwarded: 'for=203.0.113.9' });
      await upgrade(url, url);
      await upgrade(url, 'http://evil.example');
    },
    { environment: { AGORA_APP_ID: '', AGORA_APP_CERTIFICATE: '' } },
  );
  const reports = lines.map((line) => (JSON.parse(line) as { request: RequestReport }).request);
  expect(reports).toMatchObject([
    { method: 'POST', path: '/api/agora/tokens', status: 200, code: null, userId: 'alice' },
    { method: 'GET', path: '/api/agora/signaling', status: 101, code: null },
    { path: '/api/agora/signaling', status: 403, code: 'FOREIGN_ORIGIN', origin: 'http://evil.example' },
  ]);
});

test('real tokens that another machine asks for are refused, and that is told', async () => {
  const ask = (url: string) => post(url, '/api/agora/tokens', wantsTokens, { forwarded: 'for=203.0.113.9' });
  const [line] = await linesOf([], ask, { environment: project });
  expect(line).toMatch(/403 NOT_LOCAL {2}it came from another machine/);
});

test('--expires sets the life over TOKEN_TTL_SECONDS', async () => {
  const announced = await runCli(['serve', '--port', '0', '--expires', '10m', '--json'], {
    environment: { TOKEN_TTL_SECONDS: '30' },
  });
  expect(JSON.parse(announced.stdout).config.expiresInSeconds).toBe(600);
});

test('lines are coloured where there is a terminal', async () => {
  const [line] = await linesOf([], (url) => post(url, '/nowhere', {}), { colours: true });
  expect(line).toContain('\u001b[31m404 NOT_FOUND\u001b[39m');
});
