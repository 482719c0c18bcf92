import { EventEmitter, once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createDevBackend, type DevBackendOptions, PATHS } from '../../src/dev-backend/index.js';
import { isLocalPeer } from '../../src/dev-backend/local-only.js';
import { appCertificate, appId } from '../server/official-tokens.js';

// Who counts as this machine and as the server's own page. What is not known counts as neither.

const project = { AGORA_APP_ID: appId, AGORA_APP_CERTIFICATE: appCertificate };
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(options: Partial<DevBackendOptions> = {}, listenAt: string | number = 0): Promise<Server> {
  const backend = createDevBackend({ environment: project, emulator: true, ...options });
  const server = createServer(backend.listener);
  servers.push(server);
  await backend.attach(server);
  if (typeof listenAt === 'string') server.listen(listenAt);
  else server.listen(listenAt, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** The status of a request for a token, or for a control. */
async function statusOf(server: Server, headers: Record<string, string>, path: string = PATHS.tokens): Promise<number> {
  const address = server.address();
  const where = typeof address === 'string' ? { socketPath: address } : { host: '127.0.0.1', port: portOf(server) };
  const request = httpRequest({
    ...where,
    path,
    method: 'POST',
    headers: { host: 'localhost', 'content-type': 'application/json', ...headers },
  });
  request.end(JSON.stringify({ userId: 'alice', signaling: true, action: 'cut-network' }));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
}

describe('a request that a proxy has handed on is not from this machine:', () => {
  test.each([
    ['x-real-ip', '203.0.113.7'],
    ['cf-connecting-ip', '203.0.113.7'],
    ['true-client-ip', '203.0.113.7'],
    ['x-client-ip', '203.0.113.7'],
    ['fly-client-ip', '203.0.113.7'],
    ['x-forwarded-host', 'tunnel.example'],
    ['x-forwarded-proto', 'https'],
    ['x-forwarded-server', 'proxy'],
    ['via', '1.1 proxy'],
    ['forwarded', 'for=127.0.0.1'],
    ['x-forwarded-for', '203.0.113.7'],
    ['x-forwarded-for', 'unknown'],
    ['x-forwarded-for', ''],
    ['x-real-ip', '127.0.0.1'],
  ])('%s: %s', async (name, value) => {
    expect(await statusOf(await serve(), { [name]: value })).toBe(403);
  });
});

describe('a page of another site gets no real token:', () => {
  test.each([
    ['of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['of another port, without an origin', { 'sec-fetch-site': 'same-site' }, 403],
    ['of a listed origin', { 'sec-fetch-site': 'cross-site', origin: 'https://preview.example' }, 200],
    ['of this server', { 'sec-fetch-site': 'same-origin' }, 200],
    ['no page but a person', { 'sec-fetch-site': 'none' }, 200],
  ])('%s', async (_name, headers, status) => {
    expect(await statusOf(await serve({ origins: ['https://preview.example'] }), headers)).toBe(status);
  });
});

describe('whoever asks', () => {
  test('over a Unix socket is of this machine', async () => {
    const path = join(tmpdir(), `agora-session-${process.pid}-${Date.now()}.sock`);
    const server = await serve({}, path);
    expect(await statusOf(server, {})).toBe(200);
    expect(await statusOf(server, { 'x-real-ip': '203.0.113.7' })).toBe(403);
  });

  test('and resets the connection at once has no address, and is not of this machine', () => {
    const socket = Object.assign(new EventEmitter(), { remoteAddress: undefined, server: servers[0] });
    expect(isLocalPeer({ headers: {}, socket } as unknown as IncomingMessage)).toBe(false);
  });

  test('and resets the connection at once has no control executed', async () => {
    const server = createServer();
    const act = vi.fn();
    const backend = createDevBackend({ environment: {}, emulator: true });
    server.on('request', (request, response) => {
      Object.defineProperty(request.socket, 'remoteAddress', { value: undefined }); // as after a reset
      response.once('close', () => act(response.statusCode));
      backend.listener(request, response);
    });
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    expect(await statusOf(server, {}, PATHS.controls)).toBe(403);
  });

  test('without a host is answered with 400', async () => {
    const socket = connect(portOf(await serve()), '127.0.0.1');
    const body = '{"userId":"alice","signaling":true}';
    socket.write(
      `POST ${PATHS.tokens} HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1\.1 400/);
  });

  test.each<[string, boolean]>([
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['192.168.0.7', false],
    ['::ffff:192.168.0.7', false],
    ['fe80::1', false],
    ['1127.0.0.1', false],
  ])('from %s is of this machine: %s', (remoteAddress, expected) => {
    expect(isLocalPeer({ headers: {}, socket: { remoteAddress } } as IncomingMessage)).toBe(expected);
  });
});

test.each<[string, Partial<DevBackendOptions>]>([
  ['a made-up project', { environment: {} }],
  ['a project with authorize', { authorize: () => ({ userId: 'alice' }) }],
])('the controls of %s are for this machine always', async (_name, options) => {
  const server = await serve(options);
  expect(await statusOf(server, { 'x-real-ip': '203.0.113.7' }, PATHS.controls)).toBe(403);
  expect(await statusOf(server, { 'x-real-ip': '203.0.113.7' })).toBe(200);
  expect(await statusOf(server, {}, PATHS.controls)).toBe(204);
});

describe('with authorize the local Signaling opens for', () => {
  const opened = async (headers: Record<string, string>): Promise<boolean> => {
    const server = await serve({ authorize: () => ({ userId: 'alice' }), origins: ['https://app.example'] });
    const socket = new WebSocket(`ws://127.0.0.1:${portOf(server)}${PATHS.signaling}`, { headers });
    const answer = await new Promise<boolean>((resolve) => {
      socket.once('open', () => resolve(true)).on('error', () => resolve(false));
    });
    socket.terminate();
    return answer;
  };

  test.each<[string, Record<string, string>, boolean]>([
    ['its own page', { host: 'team.example', origin: 'https://team.example' }, true],
    ['a listed origin', { host: 'team.example', origin: 'https://app.example' }, true],
    ['a program', { host: 'team.example' }, true],
    ['no other site', { host: 'team.example', origin: 'https://evil.example' }, false],
    ['no page without an origin', { host: 'team.example', origin: 'null' }, false],
  ])('%s', async (_name, headers, expected) => {
    expect(await opened(headers)).toBe(expected);
  });
});
