import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { toNodeListener } from '../../src/server/index.js';
import { endpoint } from './ask.js';
import { serve } from './serve.js';

// In how many pieces a request comes, and what comes before and after it on the same connection, changes nothing about its answer.

const onError = vi.fn();
const tokens = endpoint({ onError, authorize: (_request, asked) => ({ userId: asked.userId ?? 'nobody' }) });
const sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  expect(onError).not.toHaveBeenCalled();
});

async function open(): Promise<{ socket: Socket; answers(count: number): Promise<string[]> }> {
  const socket = connect(await serve(toNodeListener(tokens)), '127.0.0.1');
  sockets.push(socket);
  let received = '';
  socket.on('data', (data) => {
    received += String(data);
  });
  return {
    socket,
    /** Waits for so many answers, and gives of each the status and who it is for. */
    answers: (count) =>
      vi.waitFor(() => {
        const found = [...received.matchAll(/HTTP\/1\.1 (\d+)(?:(?!HTTP\/1\.1).)*/gs)].map(
          ([text, status]) =>
            `${status} ${/"userId":"(\w+)"/.exec(text)?.[1] ?? /"code":"(\w+)"/.exec(text)?.[1] ?? '-'}`,
        );
        expect(found).toHaveLength(count);
        return found;
      }, 5_000),
  };
}

const head = (length: number, more = '', method = 'POST', version = '1.1'): string =>
  `${method} / HTTP/${version}\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${length}\r\n${more}\r\n`;
const bodyOf = (userId: string): string => JSON.stringify({ userId, signaling: true });
const asking = (userId: string, more = ''): string => head(bodyOf(userId).length, more) + bodyOf(userId);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a request', () => {
  test('comes byte by byte', async () => {
    const { socket, answers } = await open();
    socket.setNoDelay(true);
    for (const byte of asking('alice')) {
      socket.write(byte);
      await turn();
    }
    expect(await answers(1)).toEqual(['200 alice']);
  });

  test('comes with others in one piece, and they are answered in their order', async () => {
    const { socket, answers } = await open();
    socket.write(`${asking('alice') + asking('bob') + head(1)}{${asking('carol')}`);
    expect(await answers(4)).toEqual(['200 alice', '200 bob', '400 INVALID_JSON', '200 carol']);
  });

  test('comes after one that was refused, on the same connection', async () => {
    const { socket, answers } = await open();
    socket.write(`${head(2, '', 'PUT')}{}`);
    expect(await answers(1)).toEqual(['405 METHOD_NOT_ALLOWED']);
    socket.write(asking('alice'));
    expect(await answers(2)).toEqual(['405 METHOD_NOT_ALLOWED', '200 alice']);
  });

  test('comes in chunks', async () => {
    const { socket, answers } = await open();
    const [first, second] = [bodyOf('alice').slice(0, 9), bodyOf('alice').slice(9)];
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    socket.write(
      'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    await turn();
    socket.write(chunk(first));
    await turn();
    socket.write(`${chunk(second)}0\r\n\r\n`);
    expect(await answers(1)).toEqual(['200 alice']);
  });

  test('waits to be told to go on', async () => {
    const { socket, answers } = await open();
    socket.write(head(bodyOf('alice').length, 'Expect: 100-continue\r\n'));
    expect(await answers(1)).toEqual(['100 -']);
    socket.write(bodyOf('alice'));
    expect(await answers(2)).toEqual(['100 -', '200 alice']);
  });

  test('is of HTTP/1.0, and the connection ends after it', async () => {
    const { socket, answers } = await open();
    socket.write(head(bodyOf('alice').length, '', 'POST', '1.0') + bodyOf('alice'));
    await once(socket, 'end');
    expect(await answers(1)).toEqual(['200 alice']);
  });

  test.each<[string, string, string]>([
    ['has no body', head(0), '400 INVALID_JSON'],
    ['is a HEAD', head(0, '', 'HEAD'), '405 -'],
    ['is an OPTIONS for everything', head(0, '', 'OPTIONS').replace(' / ', ' * '), '405 METHOD_NOT_ALLOWED'],
  ])('%s', async (_name, text, answer) => {
    const { socket, answers } = await open();
    socket.write(text + asking('alice', 'Connection: close\r\n'));
    const [first] = await answers(2);
    expect(first).toBe(answer);
  });

  test('has a compressed body, which is not read', async () => {
    const { socket, answers } = await open();
    const body = gzipSync(bodyOf('alice'));
    socket.write(head(body.length, 'Content-Encoding: gzip\r\n'));
    socket.write(body);
    expect(await answers(1)).toEqual(['400 INVALID_JSON']);
  });

  test('goes away with its sender at any moment, and the next sender is served', async () => {
    for (let length = 1; length < asking('alice').length; length += 7) {
      const { socket } = await open();
      socket.write(asking('alice').slice(0, length));
      await turn();
      socket.resetAndDestroy();
    }
    const { socket, answers } = await open();
    socket.write(asking('bob'));
    expect(await answers(1)).toEqual(['200 bob']);
  });
});
