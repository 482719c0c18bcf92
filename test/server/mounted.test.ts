import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import express from 'express';
import { describe, expect, test, vi } from 'vitest';
import { createTokenHandler, type FetchHandler, toNodeListener } from '../../src/server/index.js';
import { ask, endpoint, refusalOf } from './ask.js';
import { serve } from './serve.js';

// The endpoint where an app has mounted it: what frameworks around it do to requests and answers.

const asked = { userId: 'alice', signaling: true };
const init = {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(asked),
};

describe('a body that was read ahead of the handler and left nowhere is the backend’s mistake, and says so', () => {
  const refusedWith = async (response: Response, onError: ReturnType<typeof vi.fn>) => {
    expect(await refusalOf(response)).toEqual([500, 'INTERNAL']);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: expect.stringMatching(/body/i) }),
    );
  };

  test('over node:http', async () => {
    const onError = vi.fn();
    const mounted = toNodeListener(endpoint({ onError }));
    const port = await serve(async (incoming, outgoing) => {
      Object.assign(incoming, { parsedElsewhere: await text(incoming) });
      mounted(incoming, outgoing);
    });
    await refusedWith(await fetch(`http://127.0.0.1:${port}/`, init), onError);
  });

  test.each<[string, (request: Request) => unknown]>([
    ['read', (request) => request.text()],
    ['held by another reader', (request) => request.body?.getReader()],
  ])('with the Fetch API, where it was %s', async (_name, take) => {
    const onError = vi.fn();
    const request = ask(asked);
    await take(request);
    await refusedWith(await endpoint({ onError })(request), onError);
  });

  test('to another handler, when it reads it', async () => {
    const onError = vi.fn();
    const handlers: [string, FetchHandler][] = [
      ['reads', async (request) => Response.json(await request.json())],
      ['does not', async () => new Response(null, { status: 204 })],
    ];
    const statuses: number[] = [];
    for (const [, handler] of handlers) {
      const mounted = toNodeListener(handler, { onError });
      const port = await serve(async (incoming, outgoing) => {
        await text(incoming);
        mounted(incoming, outgoing);
      });
      statuses.push((await fetch(`http://127.0.0.1:${port}/`, init)).status);
    }
    expect(statuses).toEqual([500, 204]);
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ name: 'BodyTakenError' }));
  });

  test('while one that was empty is the caller’s', async () => {
    const mounted = toNodeListener(endpoint());
    const port = await serve(async (incoming, outgoing) => {
      await text(incoming);
      mounted(incoming, outgoing);
    });
    const { status } = await fetch(`http://127.0.0.1:${port}/`, { ...init, body: '' });
    expect(status).toBe(400);
  });
});

describe('a Response that authorize', () => {
  const answered = async (response: Response, how: 'throws' | 'answers') => {
    const onError = vi.fn();
    const authorize = () => {
      if (how === 'throws') throw response;
      return response as never;
    };
    const refused = await endpoint({ authorize, onError })(ask(asked));
    return { told: onError.mock.calls.length, refused };
  };

  test.each<[number, number, string]>([
    [401, 401, 'UNAUTHORIZED'],
    [403, 403, 'FORBIDDEN'],
    [404, 404, 'REFUSED'],
    [429, 429, 'RATE_LIMITED'],
    [503, 503, 'REFUSED'],
    [302, 401, 'UNAUTHORIZED'],
  ])('throws with %d is answered with %d %s, and its text stays behind', async (status, expected, code) => {
    for (const how of ['throws', 'answers'] as const) {
      const { told, refused } = await answered(new Response('<h1>Sign in</h1>', { status }), how);
      expect(await refused.clone().text()).not.toContain('Sign in');
      expect([...(await refusalOf(refused)), told]).toEqual([expected, code, 0]);
    }
  });

  test('throws may say when to ask again', async () => {
    const response = new Response(null, { status: 503, headers: { 'retry-after': '7', 'set-cookie': 'a=b' } });
    const { headers } = (await answered(response, 'throws')).refused;
    expect([headers.get('retry-after'), headers.get('set-cookie')]).toEqual(['7', null]);
  });

  test('throws with a success says nothing, and the server’s log learns of it', async () => {
    const { told, refused } = await answered(new Response('hello'), 'throws');
    expect([...(await refusalOf(refused)), told]).toEqual([500, 'INTERNAL', 1]);
  });
});

describe('a Request of another make than the runtime’s', () => {
  // Polyfills and older clients have bodies that are no streams of the web.
  const made = (fields: object): Request => {
    const { method, url, headers } = ask(asked);
    return { method, url, headers, ...fields } as Request;
  };
  const bytes = new TextEncoder().encode(JSON.stringify(asked)).buffer;

  test.each<[string, Request]>([
    ['without a stream', made({ arrayBuffer: async () => bytes })],
    ['with a stream of node', made({ body: Readable.from([]), arrayBuffer: async () => bytes })],
  ])('is read: %s', async (_make, request) => {
    expect(await (await endpoint()(request)).json()).toMatchObject({ userId: 'alice' });
  });

  test.each<[string, () => Promise<ArrayBuffer>, [number, string]]>([
    ['too large', async () => new ArrayBuffer(20_000), [413, 'BODY_TOO_LARGE']],
    ['broken off', () => Promise.reject(new Error('socket hang up')), [400, 'INVALID_JSON']],
    ['too slow', () => new Promise(() => {}), [408, 'BODY_TIMEOUT']],
  ])('is refused with a body that is %s', async (_how, arrayBuffer, refusal) => {
    expect(await refusalOf(await endpoint({ bodyTimeoutMs: 5 })(made({ arrayBuffer })))).toEqual(refusal);
  });
});

test('a handler of the app’s own that answers no Response is told so', async () => {
  const onError = vi.fn();
  for (const answered of [undefined, null, { status: 200, body: 'OK' }, 'OK']) {
    const port = await serve(toNodeListener(async () => answered as never, { onError }));
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(500);
  }
  expect(onError.mock.calls.map(([error]) => error.message)).toEqual(
    Array(4).fill(expect.stringMatching(/no Response/)),
  );
});

test('a route that is bound to methods answers a preflight when it hands on both', async () => {
  const handler = createTokenHandler({
    appId: '970CA35de60c44645bbae8a215061b33',
    appCertificate: '5CFd2fd1755d40ecb72977518be15d3b',
    authorize: () => null,
    cors: { origins: ['https://app.example'] },
  });
  const app = express().post('/', toNodeListener(handler)).options('/', toNodeListener(handler));
  const port = await serve(app);
  const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' };
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'OPTIONS', headers });
  expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, 'https://app.example']);
});

test.each<[string, FetchHandler]>([
  ['the token endpoint', endpoint()],
  ['another handler', async (request) => Response.json(await request.json())],
])('a request that the app has answered itself meanwhile is let go by %s', async (_name, handler) => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  const mounted = toNodeListener(handler);
  const port = await serve((incoming, outgoing) => {
    mounted(incoming, outgoing);
    setImmediate(() => setImmediate(() => outgoing.writeHead(503, { connection: 'close' }).end()));
  });
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 503/);
  expect(log).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});
