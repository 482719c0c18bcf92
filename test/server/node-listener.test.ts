import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { inspect } from 'node:util';
import express from 'express';
import { describe, expect, test, vi } from 'vitest';
import {
  type Authorize,
  allowAnyone,
  type FetchHandler,
  RequestRefusedError,
  toNodeListener,
} from '../../src/server/index.js';
import { endpoint } from './ask.js';
import { serve } from './serve.js';

const serveHandler = (handler: FetchHandler): Promise<number> => serve(toNodeListener(handler));

/** Sends bytes as they are and answers everything that comes back until the server closes. */
async function raw(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  let received = '';
  for await (const chunk of socket) received += String(chunk);
  return received;
}

test('a token is fetched over a real socket', async () => {
  const port = await serveHandler(endpoint({ authorize: allowAnyone }));
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ userId: 'alice', signaling: true }),
  });
  expect(await response.json()).toMatchObject({ userId: 'alice', signaling: { expiresIn: 3600 } });
  expect(response.headers.get('cache-control')).toBe('no-store');
});

test('method, address, headers and body reach the handler, and its answer the client', async () => {
  const port = await serveHandler(async (request) => {
    const { method, url } = request;
    const body = { method, url, header: request.headers.get('x-asked'), text: await request.text() };
    const headers = new Headers({ 'x-answered': 'yes' });
    headers.append('set-cookie', 'a=1');
    headers.append('set-cookie', 'b=2');
    return Response.json(body, { status: 201, headers });
  });
  const url = `http://127.0.0.1:${port}/path?query=1`;
  const response = await fetch(url, { method: 'PUT', headers: { 'x-asked': 'so' }, body: 'x'.repeat(100_000) });
  expect([response.status, response.headers.get('x-answered'), response.headers.getSetCookie()]).toEqual([
    201,
    'yes',
    ['a=1', 'b=2'],
  ]);
  expect(await response.json()).toEqual({ method: 'PUT', url, header: 'so', text: 'x'.repeat(100_000) });
});

test('HEAD is answered without a body', async () => {
  const port = await serveHandler(async ({ method }) => new Response(`for ${method}`));
  const received = await raw(port, 'HEAD / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  expect(received).toMatch(/^HTTP\/1\.1 200/);
  expect(received).not.toContain('for HEAD');
});

test('a stream that HEAD leaves unread is let go', async () => {
  const cancel = vi.fn();
  const port = await serveHandler(async () => new Response(new ReadableStream({ cancel })));
  expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'HEAD' })).status).toBe(200);
  expect(cancel).toHaveBeenCalledOnce();
});

test('HEAD is told that tokens are asked for with POST, without a body', async () => {
  const asked = 'HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n';
  const last = asked.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');
  const answers = (await raw(await serveHandler(endpoint()), `${asked}${last}`)).split('\r\n\r\n');
  expect(answers).toEqual([expect.any(String), expect.any(String), '']);
  expect(answers[1]).toMatch(/^HTTP\/1\.1 405 .*allow: POST\r\n.*content-length: \d\d/s);
});

test('the answer to a body that is too large arrives although the client is still sending', async () => {
  const port = await serveHandler(endpoint());
  const outgoing = httpRequest({ port, method: 'POST', headers: { 'content-type': 'application/json' } });
  outgoing.on('error', () => {}); // the server may close before everything is sent
  const answered = once(outgoing, 'response');
  outgoing.write('x'.repeat(20_000));
  const [response] = await answered;
  expect(response.statusCode).toBe(413);
  outgoing.destroy();
});

test('the request’s signal aborts when the client goes away', async () => {
  const aborted = vi.fn();
  let arrived = (): void => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const port = await serveHandler(async (request) => {
    arrived();
    await new Promise((resolve) => request.signal.addEventListener('abort', resolve));
    aborted();
    return new Response();
  });
  const controller = new AbortController();
  const gone = fetch(`http://127.0.0.1:${port}/`, { signal: controller.signal }).catch(() => 'gone');
  await arrival;
  controller.abort();
  expect(await gone).toBe('gone');
  await vi.waitFor(() => expect(aborted).toHaveBeenCalledOnce(), 5_000);
});

test('a body that breaks off is an error for the handler and hangs nobody', async () => {
  const failed = vi.fn();
  const port = await serveHandler(async (request) => {
    socket.destroy();
    await request.text().catch(failed);
    return new Response();
  });
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf');
  await vi.waitFor(() => expect(failed).toHaveBeenCalledOnce(), 5_000);
});

test.each<[string, string]>([
  ['a broken host', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
  ['a method that the Fetch API forbids', 'TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
  ['no host', 'GET / HTTP/1.0\r\n\r\n'],
])('%s is answered with 400, which says so', async (_, text) => {
  const handler = vi.fn(async () => new Response());
  const received = await raw(await serveHandler(handler), text);
  expect(received).toMatch(/^HTTP\/1\.1 400 .*cache-control: no-store/is);
  expect(JSON.parse(received.split('\r\n\r\n')[1] ?? '')).toEqual({
    error: { code: 'INVALID_REQUEST', message: expect.stringMatching(/no host, or a host, path or method/) },
  });
  expect(handler).not.toHaveBeenCalled();
});

test('a RequestRefusedError that a handler of the app’s own throws is answered as it says', async () => {
  const refused = new RequestRefusedError(503, 'BUSY', 'Later.', { 'retry-after': '7' });
  const onError = vi.fn();
  const port = await serve(toNodeListener(() => Promise.reject(refused), { onError }));
  const response = await fetch(`http://127.0.0.1:${port}/`);
  expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([
    503,
    '7',
    { error: { code: 'BUSY', message: 'Later.' } },
  ]);
  expect(onError).not.toHaveBeenCalled();
});

test('a path that begins with two slashes does not change the host', async () => {
  const port = await serveHandler(async ({ url }) => new Response(url));
  const received = await raw(port, 'GET //evil.example/path HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
  expect(received).toContain('http://localhost//evil.example/path');
});

test('a handler that throws is answered with a bare 500', async () => {
  const port = await serveHandler(() => Promise.reject(new Error('a secret')));
  const response = await fetch(`http://127.0.0.1:${port}/`);
  expect([response.status, await response.text()]).toEqual([500, '']);
});

describe('the request that authorize is given', () => {
  const seenBy = async (look: (request: Request) => unknown): Promise<unknown> => {
    let seen: unknown;
    const authorize: Authorize = (request) => {
      seen = look(request);
      return { userId: 'alice' };
    };
    const port = await serveHandler(endpoint({ authorize }));
    const headers = { 'content-type': 'application/json', 'x-asked': 'so' };
    await fetch(`http://127.0.0.1:${port}/path?a=1`, { method: 'POST', headers, body: '{"signaling":true}' });
    return seen;
  };

  const headerThatIsSet = (request: Request): unknown => {
    request.headers.set('x-asked', 'mine');
    const before = request.headers.get('x-asked');
    return [before, request.clone().headers.get('x-asked'), request.headers.get('x-asked')];
  };
  const thrownBy = (call: () => unknown): unknown => {
    try {
      return call();
    } catch (error) {
      return error instanceof Error && error.name;
    }
  };

  test.each<[string, (request: Request) => unknown, unknown]>([
    ['is a Request', (request) => request instanceof Request, true],
    ['has a method', ({ method }) => method, 'POST'],
    ['has an address', ({ url }) => new URL(url).search, '?a=1'],
    ['has headers', ({ headers }) => headers.get('X-Asked'), 'so'],
    ['has no header that was not sent', ({ headers }) => headers.get('constructor'), null],
    ['has headers that can be listed', ({ headers }) => [...headers].some(([name]) => name === 'x-asked'), true],
    ['has headers that can be copied', ({ headers }) => new Headers(headers).get('x-asked'), 'so'],
    ['has headers that are Headers', ({ headers }) => headers instanceof Headers, true],
    ['has headers that can be shown', ({ headers }) => inspect(headers).includes('x-asked'), true],
    ['keeps a header that is set', headerThatIsSet, ['mine', 'mine', 'mine']],
    ['can be asked for its fields', (request) => 'url' in request && 'get' in request.headers, true],
    ['carries what is put on it', (request) => Object.assign(request, { user: 'alice' }).user, 'alice'],
    ['can be made again', ({ url, headers }) => new Request(url, { headers }).headers.get('x-asked'), 'so'],
    ['refuses a header that cannot be', ({ headers }) => thrownBy(() => headers.get('no name')), 'TypeError'],
    ['has a signal', ({ signal }) => signal.aborted, false],
    ['can be copied', (request) => request.clone().headers.get('x-asked'), 'so'],
    ['can be shown', (request) => inspect(request).includes('POST'), true],
  ])('%s', async (_name, look, expected) => {
    expect(await seenBy(look)).toEqual(expected);
  });

  test.each<[string, (request: Request) => Promise<unknown>]>([
    ['read', (request) => request.json()],
    ['read of a copy', (request) => request.clone().text()],
    ['handed on', (request) => new Response(request.body).text()],
  ])('says that its body has been read, and where it is, when that is %s', async (_how, read) => {
    const onError = vi.fn();
    const authorize: Authorize = async (request) => (await read(request)) as never;
    const port = await serveHandler(endpoint({ authorize, onError }));
    const headers = { 'content-type': 'application/json' };
    const asked = { method: 'POST', headers, body: '{"signaling":true}' };
    expect((await fetch(`http://127.0.0.1:${port}/`, asked)).status).toBe(500);
    expect(onError.mock.calls[0]?.[0].message).toMatch(/body .* has been read .* `asked`/);
  });

  test('is the one that limit is given', async () => {
    const users = new WeakMap<Request, string>();
    const port = await serveHandler(
      endpoint({
        authorize: (request) => {
          users.set(request, 'alice');
          return { userId: 'alice' };
        },
        limit: (_userId, request) => (users.has(request) ? null : { retryAfterSeconds: 1 }),
      }),
    );
    const headers = { 'content-type': 'application/json' };
    const { status } = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers,
      body: '{"signaling":true}',
    });
    expect(status).toBe(200);
  });

  test('tells when its sender has gone', async () => {
    const gone = vi.fn();
    const port = await serveHandler(
      endpoint({
        authorize: (request) =>
          new Promise((resolve) => {
            socket.destroy();
            request.signal.addEventListener('abort', () => {
              gone();
              resolve(null);
            });
          }),
      }),
    );
    const socket = connect(port, '127.0.0.1');
    const head = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 18';
    socket.write(`${head}\r\n\r\n{"signaling":true}`);
    await vi.waitFor(() => expect(gone).toHaveBeenCalledOnce(), 5_000);
  });
});

test.each<[string, express.RequestHandler, FetchHandler]>([
  ['JSON, by the token endpoint', express.json(), endpoint({ authorize: allowAnyone })],
  ['JSON, by another handler', express.json(), async (request) => Response.json(await request.json())],
  ['bytes', express.raw({ type: '*/*' }), endpoint({ authorize: allowAnyone })],
  ['text', express.text({ type: '*/*' }), async (request) => Response.json(await request.json())],
])('a body that Express has read is found: %s', async (_name, parser, handler) => {
  const port = await serve(express().use(parser).use(toNodeListener(handler)));
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"userId":"alice","signaling":true}',
  });
  expect([response.status, await response.json()]).toMatchObject([200, { userId: 'alice' }]);
});

describe('a body that a platform has read and left as it came is found:', () => {
  const BODY = '{"userId":"alice","signaling":true}';
  const handlers: [string, FetchHandler][] = [
    ['the token endpoint', endpoint({ authorize: allowAnyone })],
    ['another handler', async (request) => Response.json(await request.json())],
  ];
  // As Google's functions do, and parsers with `verify`; what else was made of it may be of another kind.
  const left: [string, (bytes: Buffer) => object][] = [
    ['bytes, beside nothing', (rawBody) => ({ rawBody })],
    ['bytes, beside what was parsed', (rawBody) => ({ rawBody, body: {} })],
    ['text, beside what was parsed', (bytes) => ({ rawBody: bytes.toString(), body: { userId: 'bob' } })],
    ['nothing, beside what was parsed', (bytes) => ({ rawBody: undefined, body: JSON.parse(bytes.toString()) })],
  ];
  const cases = left.flatMap(([what, leave]) => handlers.map(([whose, handler]) => ({ what, leave, whose, handler })));

  test.each(cases)('$what, by $whose', async ({ leave, handler }) => {
    const listener = toNodeListener(handler);
    const port = await serve(async (request, response) => {
      Object.assign(request, leave(await buffer(request)));
      listener(request, response);
    });
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: BODY });
    expect([response.status, await response.json()]).toMatchObject([200, { userId: 'alice' }]);
  });
});

test.each<[string, FetchHandler]>([
  ['the token endpoint', endpoint({ authorize: allowAnyone })],
  ['another handler', async (request) => Response.json(await request.json())],
])('what Express has read of a body and no one could write again is no JSON to %s', async (_name, handler) => {
  const port = await serve(express().use(express.json()).use(toNodeListener(handler)));
  const { status } = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: `{"a":${'['.repeat(8_000)}${']'.repeat(8_000)}}`,
  });
  expect(status).toBe(400);
});

test('a handler mounted in Express knows the whole address', async () => {
  const handler: FetchHandler = async ({ url }) => new Response(url);
  const port = await serve(express().use('/api', toNodeListener(handler)));
  const url = `http://127.0.0.1:${port}/api/tokens?a=1`;
  expect(await (await fetch(url)).text()).toBe(url);
});

test('a request to which somebody listens besides is read all the same', async () => {
  const listener = toNodeListener(endpoint({ authorize: allowAnyone }));
  let counted = 0;
  const port = await serve((request, response) => {
    request.on('data', (chunk) => {
      counted += chunk.length;
    });
    listener(request, response);
  });
  const body = '{"userId":"alice","signaling":true}';
  const url = `http://127.0.0.1:${port}/`;
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(url, { method: 'POST', headers, body });
  expect([status, counted]).toEqual([200, body.length]);
});

test('a request that was paused is read all the same', async () => {
  const listener = toNodeListener(endpoint({ authorize: allowAnyone }));
  const port = await serve((request, response) => {
    request.pause();
    setImmediate(() => setImmediate(listener, request, response));
  });
  const { status } = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"userId":"alice","signaling":true}',
  });
  expect(status).toBe(200);
});

test.each([
  ['the token endpoint', endpoint()],
  ['another handler', async () => new Response()],
])('a request for a host that is none is not waited for by %s', async (_name, handler) => {
  const port = await serveHandler(handler);
  const received = await raw(port, 'POST / HTTP/1.1\r\nHost: a b\r\nContent-Length: 1000000\r\n\r\n{');
  expect(received).toMatch(/^HTTP\/1\.1 400 .*connection: close.*cache-control: no-store/is);
});

test('a long answer to a slow reader leaves no listeners behind', async () => {
  const warned = vi.fn();
  process.on('warning', warned);
  const chunks = 64;
  let sent = 0;
  const port = await serveHandler(async () => {
    const pull = (to: ReadableStreamDefaultController) =>
      sent++ < chunks ? to.enqueue(Buffer.alloc(65_536)) : to.close();
    return new Response(new ReadableStream({ pull }));
  });
  const body = await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer();
  process.off('warning', warned);
  expect([body.byteLength, warned.mock.calls]).toEqual([chunks * 65_536, []]);
});
