import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { createDevBackend, PATHS } from '../../src/dev-backend/index.js';
import { toNodeListener } from '../../src/server/index.js';
import { endpoint } from './ask.js';
import { portOf, serve, startServer } from './serve.js';

// What somebody might do to a server by its sockets: it answers or hangs up, and never waits for ever.

/** Sends bytes as they are; answers what comes back until the server closes, which it must within a few seconds. */
async function raw(port: number, text: string, trickle = ''): Promise<string> {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.setTimeout(5_000, () => socket.destroy(new Error('It hangs.')));
  socket.write(text);
  const received: string[] = [];
  const closed = once(socket, 'close');
  socket.on('data', (data) => void received.push(String(data)));
  for (const character of trickle) {
    await delay(5);
    if (socket.destroyed) break;
    socket.write(character);
  }
  const [broken] = await closed;
  expect(broken, 'the server closes, not the time-out').toBe(false);
  return received.join('');
}

const post = (headers: string, body = ''): string =>
  `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${headers}\r\n\r\n${body}`;

describe('over a real socket', () => {
  test.each<[string, string, string, RegExp]>([
    ['a body that never comes', post('Content-Length: 100'), '', /^HTTP\/1\.1 408/],
    ['a body that trickles', post('Content-Length: 1000'), ' '.repeat(900), /^HTTP\/1\.1 408/],
    [
      'chunks without end',
      post('Transfer-Encoding: chunked', `4000\r\n${' '.repeat(0x4000)}\r\n1\r\n \r\n`),
      '',
      /^HTTP\/1\.1 413/,
    ],
    ['a length that is too large', post('Content-Length: 999999999'), '', /^HTTP\/1\.1 413/],
    ['two lengths', post('Content-Length: 2\r\nContent-Length: 3', '{}'), '', /^HTTP\/1\.1 400/],
    [
      'a length and chunks',
      post('Content-Length: 2\r\nTransfer-Encoding: chunked', '0\r\n\r\n'),
      '',
      /^HTTP\/1\.1 400/,
    ],
    ['chunks of nonsense', post('Transfer-Encoding: chunked', 'xyz\r\n'), '', /^HTTP\/1\.1 400/],
    ['headers without end', post(`X-Long: ${'x'.repeat(100_000)}`), '', /^HTTP\/1\.1 431/],
    ['no HTTP at all', '\u0016\u0003\u0001\u0000\r\n\r\n', '', /^HTTP\/1\.1 400/],
    ['a host that is none', 'POST / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', '', /^HTTP\/1\.1 400/],
  ])('%s is answered and cut off', async (_name, text, trickle, answer) => {
    const port = await serve(toNodeListener(endpoint({ bodyTimeoutMs: 200 })));
    expect(await raw(port, text, trickle)).toMatch(answer);
  });

  test('a hundred slow senders do not keep one quick one waiting', async () => {
    const port = await serve(toNodeListener(endpoint({ bodyTimeoutMs: 2_000 })));
    const slow = Array.from({ length: 100 }, () => raw(port, post('Content-Length: 100', '{')));
    await delay(50);
    const quick = post('Content-Length: 18\r\nConnection: close', '{"signaling":true}');
    const first = await Promise.race([raw(port, quick), ...slow]);
    expect(first).toMatch(/^HTTP\/1\.1 200/);
    expect((await Promise.all(slow)).every((answer) => answer.startsWith('HTTP/1.1 408'))).toBe(true);
  });

  test('a sender who goes away in the middle is no failure of the server', async () => {
    const onError = vi.fn();
    const answered = vi.fn();
    const handler = endpoint({ onError });
    const server = await startServer(toNodeListener(handler));
    server.on('request', (_request, response) => response.once('close', answered));
    const socket = connect(portOf(server), '127.0.0.1');
    socket.write(post('Content-Length: 100', '{'));
    await delay(50);
    socket.destroy();
    await vi.waitFor(() => expect(answered).toHaveBeenCalled(), 5_000);
    expect(onError).not.toHaveBeenCalled();
  });
});

describe('a development server', () => {
  const request = (host: string, headers = '', target: string = PATHS.tokens): string => {
    const body = '{"userId":"alice","signaling":true}';
    const lines = ['Content-Type: application/json', 'Connection: close', `Content-Length: ${body.length}`];
    return `POST ${target} HTTP/1.1\r\nHost: ${host}\r\n${headers}${lines.join('\r\n')}\r\n\r\n${body}`;
  };

  test.each<[string, string, number]>([
    ['its own page', request('localhost', 'Origin: http://localhost\r\n'), 200],
    ['a name that was pointed here', request('evil.example'), 403],
    ['a name that looks local', request('localhost.evil.example'), 403],
    ['another machine of the network', request('192.168.1.7'), 403],
    ['a page of another site', request('localhost', 'Origin: https://evil.example\r\n'), 403],
    ['a page without an origin', request('localhost', 'Origin: null\r\n'), 403],
    ['another server of this machine', request('localhost', 'Origin: http://localhost:9999\r\n'), 403],
    ['an address in the place of a path', request('localhost', '', `http://evil.example${PATHS.tokens}`), 403],
    [
      'a controls request of another site',
      request('localhost', 'Origin: https://evil.example\r\n', PATHS.controls),
      403,
    ],
  ])('answers %s with what it deserves', async (_name, text, status) => {
    const port = await serve(createDevBackend({ environment: {} }).listener);
    const answer = await raw(port, text);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status}`));
    expect(answer.includes('007')).toBe(status === 200);
  });

  test.each(['https://evil.example', 'null'])('opens no Signaling for a page of %s', async (origin) => {
    const backend = createDevBackend({ environment: {} });
    const server = await startServer(backend.listener);
    const attached = await backend.attach(server);
    const upgrade = `GET ${PATHS.signaling} HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`;
    const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
    expect(await raw(portOf(server), upgrade + key)).toMatch(/^HTTP\/1\.1 40[13]/);
    await attached.close();
  });
});
