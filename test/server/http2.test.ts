import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  createServer,
  type Http2Server,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test, vi } from 'vitest';
import { allowAnyone, type FetchHandler, toNodeListener } from '../../src/server/index.js';
import { endpoint } from './ask.js';

const open: (Http2Server | ClientHttp2Session)[] = [];

afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

/** A client of a server that speaks HTTP/2 only. */
async function clientOf(handler: FetchHandler): Promise<ClientHttp2Session> {
  // Its requests and responses are those of node:http but for their types.
  const server = createServer(toNodeListener(handler) as never).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  open.push(client, server);
  return client;
}

function post(client: ClientHttp2Session): ClientHttp2Stream {
  const stream = client.request({ ':method': 'POST', ':path': '/tokens?a=1', 'content-type': 'application/json' });
  stream.on('error', () => {});
  return stream;
}

const ASKED = JSON.stringify({ userId: 'alice', signaling: true });

test('a token is fetched over HTTP/2', async () => {
  const stream = post(await clientOf(endpoint({ authorize: allowAnyone })));
  stream.end(ASKED);
  const [headers] = await once(stream, 'response');
  expect([headers[':status'], JSON.parse(await text(stream))]).toMatchObject([200, { userId: 'alice' }]);
});

test.each<[string, number, (stream: ClientHttp2Stream) => void]>([
  ['too large', 413, (stream) => stream.write('x'.repeat(20_000))],
  ['too slow', 408, (stream) => stream.write('{')],
])('a body that is %s ends its stream once that has been said', async (_name, status, send) => {
  const stream = post(await clientOf(endpoint({ bodyTimeoutMs: 20 })));
  send(stream);
  let body = '';
  stream.on('data', (chunk) => {
    body += String(chunk);
  });
  const [headers] = await once(stream, 'response');
  await once(stream, 'close');
  expect([headers[':status'], stream.rstCode]).toEqual([status, constants.NGHTTP2_NO_ERROR]);
  expect(JSON.parse(body)).toHaveProperty('error.code');
});

test('the signal of a request aborts when its sender goes away', async () => {
  const aborted = vi.fn();
  const authorizing = new Promise<ClientHttp2Stream>((resolve) => {
    const handler = endpoint({
      authorize: (request) =>
        new Promise((answer) => {
          request.signal.addEventListener('abort', () => {
            aborted();
            answer(null);
          });
          resolve(stream);
        }),
    });
    let stream: ClientHttp2Stream;
    void clientOf(handler).then((client) => {
      stream = post(client);
      stream.end(ASKED);
    });
  });
  (await authorizing).close();
  await vi.waitFor(() => expect(aborted).toHaveBeenCalledOnce(), 5_000);
});

test('a signal that is looked at only after that has aborted already', async () => {
  const left: boolean[] = [];
  let stream: ClientHttp2Stream | null = null;
  const authorize = async (request: Request) => {
    stream?.close();
    const session = stream?.session;
    // The server learns of it with what the client sends after it.
    await new Promise((resolve) => session?.ping(resolve));
    left.push(request.signal.aborted);
    return null;
  };
  const client = await clientOf(endpoint({ authorize }));
  stream = post(client);
  stream.end(ASKED);
  await vi.waitFor(() => expect(left).toEqual([true]), 5_000);
});

test('an answer that is streamed ends with its reader', async () => {
  const cancelled = vi.fn();
  const body = () => new ReadableStream({ start: (to) => to.enqueue(new Uint8Array([65])), cancel: cancelled });
  const stream = post(await clientOf(async () => new Response(body())));
  stream.end();
  await once(stream, 'data');
  stream.close();
  await vi.waitFor(() => expect(cancelled).toHaveBeenCalledOnce(), 5_000);
});

test('a session with more than a hundred requests under way has the rest refused, and those go on', async () => {
  const answers: (() => void)[] = [];
  const authorize = vi.fn(() => new Promise<null>((resolve) => answers.push(() => resolve(null))));
  const client = await clientOf(endpoint({ authorize }));
  await once(client, 'remoteSettings');
  const streams = Array.from({ length: 103 }, () => post(client));
  const codes = Promise.all(
    streams.map(
      (stream) =>
        new Promise<number>((resolve) => {
          stream.once('response', (headers) => resolve(Number(headers[':status'])));
          stream.once('close', () => resolve(stream.rstCode));
        }),
    ),
  );
  for (const stream of streams) stream.end(ASKED);
  await vi.waitFor(() => expect(authorize).toHaveBeenCalledTimes(100), 5_000);
  for (const answer of answers) answer();
  const { NGHTTP2_REFUSED_STREAM } = constants;
  expect((await codes).sort((left, right) => left - right)).toEqual([
    ...Array(3).fill(NGHTTP2_REFUSED_STREAM),
    ...Array(100).fill(401),
  ]);
});
