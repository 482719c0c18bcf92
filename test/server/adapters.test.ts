import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import Fastify from 'fastify';
import { Hono } from 'hono';
import { describe, expect, test, vi } from 'vitest';
import { type NodeListener, toNodeListener } from '../../src/server/index.js';
import { endpoint } from './ask.js';
import { serve } from './serve.js';

// Requests and responses of node:http that stand for something else: the event of a cloud function, a test's invention. They have what
// their makers found needful, and little more.

const BODY = JSON.stringify({ signaling: true });
const HEADERS = { host: 'api.example', 'content-type': 'application/json', origin: 'https://app.example' };
const handler = endpoint({ cors: { origins: ['https://app.example'] } });

interface Event {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** As serverless-http and serverless-express make them: no real socket, a body that is there at once, the version as a text. */
function requestOf({ method = 'POST', headers = HEADERS, body = BODY }: Event): IncomingMessage {
  const request = new IncomingMessage({ encrypted: true, remoteAddress: '192.0.2.1', destroy() {} } as never);
  request._read = () => {
    request.push(body);
    request.push(null);
  };
  return Object.assign(request, { method, url: '/tokens', headers, complete: true, httpVersionMajor: '1' as never });
}

/** Their response keeps what is written, and its `writeHead` answers nothing. */
class AdapterResponse extends ServerResponse {
  readonly #written: string[] = [];

  constructor(request: IncomingMessage) {
    super(request);
    const write = (chunk: unknown, _encoding: unknown, done: () => void): void => {
      this.#written.push(String(chunk));
      done();
    };
    this.assignSocket(new Writable({ write }) as Socket);
  }

  override writeHead(...head: [number]): never {
    super.writeHead(...head);
    return undefined as never;
  }

  get body(): string {
    return this.#written.join('').split('\r\n\r\n')[1] ?? '';
  }
}

async function invoke(listener: NodeListener, event: Event): Promise<AdapterResponse> {
  const request = requestOf(event);
  const response = new AdapterResponse(request);
  await listener(request, response);
  expect(response.writableEnded).toBe(true);
  return response;
}

describe('through the adapter of a cloud function', () => {
  test('a token is given', async () => {
    const { statusCode, body } = await invoke(toNodeListener(handler), {});
    expect([statusCode, JSON.parse(body)]).toMatchObject([200, { userId: 'alice' }]);
  });

  test.each<[string, number, Event]>([
    ['a preflight', 204, { method: 'OPTIONS', body: '' }],
    ['a request without a body', 400, { body: '' }],
    ['a request without a host', 400, { headers: { 'content-type': 'application/json' } }],
    ['a body that is too large', 413, { body: 'x'.repeat(20_000) }],
  ])('%s is answered with %d', async (_what, status, event) => {
    expect((await invoke(toNodeListener(handler), event)).statusCode).toBe(status);
  });

  test('a handler of the app’s own is answered for when it throws', async () => {
    const listener = toNodeListener(() => Promise.reject(new Error('out of order')), { onError: () => {} });
    expect((await invoke(listener, {})).statusCode).toBe(500);
  });
});

test('a request that a test has made up is answered from its body', async () => {
  // As node-mocks-http makes them: no stream, listeners that are never called.
  const request = {
    method: 'POST',
    url: '/',
    headers: HEADERS,
    socket: {},
    body: { signaling: true },
    on() {},
    once() {},
  };
  const response = new AdapterResponse(requestOf({}));
  await toNodeListener(handler)(request as never, response);
  expect([response.statusCode, JSON.parse(response.body)]).toMatchObject([200, { userId: 'alice' }]);
});

describe('a listener that is given no exchange of node:http says so', () => {
  const ADVICE = /listener takes the request and the response of node:http/;
  const listener = toNodeListener(handler) as (...given: unknown[]) => Promise<void>;
  test.each<[string, unknown[]]>([
    ['an event of AWS Lambda', [{ httpMethod: 'POST', headers: HEADERS, body: BODY }, { awsRequestId: '1' }]],
    ['a context of Koa', [{ req: requestOf({}), headers: HEADERS, socket: {}, on() {} }, () => {}]],
    ['a Request', [new Request('https://api.example/')]],
    ['nothing', []],
  ])('%s', async (_what, given) => {
    await expect(listener(...given)).rejects.toThrow(ADVICE);
  });

  test('in Fastify', async () => {
    const app = Fastify().post('/', listener);
    expect((await app.inject({ method: 'POST', url: '/' })).json().message).toMatch(ADVICE);
  });

  test('in Hono', async () => {
    const app = new Hono().post('/', listener as never).onError((error, context) => context.text(error.message, 500));
    expect(await (await app.request('/', { method: 'POST' })).text()).toMatch(ADVICE);
  });
});

test('a framework that has answered by itself is let be, and the log says what to do', async () => {
  const [onError, ofEndpoint] = [vi.fn(), vi.fn()];
  const listener = toNodeListener(endpoint({ onError: ofEndpoint }), { onError });
  // As Koa does with a middleware that gives it no promise.
  const port = await serve((request, response) => {
    listener(request, response);
    response.writeHead(404).end('Not Found');
  });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers, body: BODY });
  expect([response.status, await response.text()]).toEqual([404, 'Not Found']);
  await vi.waitFor(() => expect(onError).toHaveBeenCalledOnce());
  expect(onError.mock.calls[0]?.[0].message).toMatch(/answered .* before .* return the listener’s promise/);
  expect(ofEndpoint).not.toHaveBeenCalled();
});

test('a body that was read ahead and left no trace is the backend’s mistake, where its length was announced', async () => {
  const onError = vi.fn();
  const taken = new Request('https://api.example/', {
    method: 'POST',
    headers: { ...HEADERS, 'content-length': '18' },
    body: new ReadableStream({ start: (controller) => controller.close() }),
    duplex: 'half',
  } as RequestInit);
  expect((await endpoint({ onError, cors: { origins: ['https://app.example'] } })(taken)).status).toBe(500);
  expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ name: 'BodyTakenError' }));
});
