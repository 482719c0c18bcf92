import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { firstLine, start } from './run-cli.js';

// A process manager ends `serve` with SIGTERM while requests are under way: each gets an answer.

const body = '{"userId":"alice","signaling":true}';
const head = `POST /api/agora/tokens HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

async function serving() {
  const child = start(['serve', '--port', '0', '--json']);
  const { port } = new URL((JSON.parse(await firstLine(child)) as { url: string }).url);
  const open = async (): Promise<Socket> => {
    const socket = connect(Number(port), '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  return { child, open, ended: once(child, 'close') };
}

test('on SIGTERM whatever has arrived is answered, and the process ends', async () => {
  const { child, open, ended } = await serving();
  const sockets = await Promise.all(Array.from({ length: 20 }, open));
  const answers = sockets.map((socket) => text(socket));
  for (const socket of sockets) socket.write(head + body);
  child.kill('SIGTERM');
  expect((await Promise.all(answers)).map((answer) => answer.slice(0, 12))).toEqual(Array(20).fill('HTTP/1.1 200'));
  expect(await ended).toEqual([0, null]);
});

test.each([
  ['its head', head.slice(0, 40)],
  ['its body', head + body.slice(0, 10)],
])('on SIGTERM a request is answered of which only %s has come in part', async (_name, part) => {
  const { child, open, ended } = await serving();
  const socket = await open();
  const answer = text(socket);
  socket.write(part);
  await once(await open().then((other) => other.end('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')), 'data');
  child.kill('SIGTERM');
  expect(await answer).toMatch(/^HTTP\/1\.1 503 .*connection: close/is);
  expect(await ended).toEqual([0, null]);
});

test('on SIGTERM a connection over which nothing was sent is not waited for', async () => {
  const { child, open, ended } = await serving();
  const closed = once(await open(), 'close');
  const began = performance.now();
  child.kill('SIGTERM');
  await Promise.all([closed, ended]);
  expect(performance.now() - began).toBeLessThan(1_500);
});
