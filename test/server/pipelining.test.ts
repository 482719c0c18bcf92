import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { toNodeListener } from '../../src/server/index.js';
import { endpoint } from './ask.js';
import { serve } from './serve.js';

// A connection that asks for more than it waits for takes time and memory from all others: no client needs that, so it is ended.

const channels = Array.from({ length: 100 }, (_, nth) => `channel-${nth}`);
const large = requestFor({ signaling: true, channels });
const small = requestFor({ signaling: true });
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

function requestFor(body: object, more = ''): string {
  const text = JSON.stringify(body);
  return `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n${more}Content-Length: ${text.length}\r\n\r\n${text}`;
}

function open(port: number): Socket {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  sockets.push(socket);
  return socket;
}

describe('a connection', () => {
  const hanging = () => vi.fn(() => new Promise<never>(() => {}));

  test('may have 32 requests under way', async () => {
    const authorize = hanging();
    const socket = open(await serve(toNodeListener(endpoint({ authorize }))));
    socket.write(small.repeat(32));
    await vi.waitFor(() => expect(authorize).toHaveBeenCalledTimes(32), 5_000);
    expect(socket.destroyed).toBe(false);
  });

  test('with more than that is ended, and none of the others is looked at', async () => {
    const authorize = hanging();
    const socket = open(await serve(toNodeListener(endpoint({ authorize }))));
    socket.write(small.repeat(100));
    await once(socket, 'close');
    expect(authorize.mock.calls.length).toBeLessThanOrEqual(32);
  });

  test('may send any number one after the other', async () => {
    const socket = open(await serve(toNodeListener(endpoint())));
    for (let nth = 0; nth < 100; nth += 1) {
      socket.write(small);
      const [answer] = await once(socket, 'data');
      expect(String(answer)).toMatch(/^HTTP\/1\.1 200/);
    }
  });

  test('is counted with whichever handler it is for', async () => {
    const handler = hanging();
    const socket = open(await serve(toNodeListener(handler)));
    socket.write(small.repeat(33));
    await once(socket, 'close');
    expect(handler.mock.calls.length).toBeLessThanOrEqual(32);
  });
});

test('forty connections that ask for more than they read do not keep another user waiting', async () => {
  const port = await serve(toNodeListener(endpoint({ authorize: () => ({ userId: 'alice', channels }) })));
  for (let nth = 0; nth < 40; nth += 1) open(port).pause().write(large.repeat(100));
  const victim = open(port);
  const began = performance.now();
  victim.write(requestFor({ signaling: true }, 'Connection: close\r\n'));
  const [answer] = await once(victim, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 200/);
  expect(performance.now() - began).toBeLessThan(1_000);
});
