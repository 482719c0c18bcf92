import express from 'express';
import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { describe, expect, test, vi } from 'vitest';
import { createTokenHandler, type FetchHandler, toNodeListener, translateTokens } from '../../src/server/index.js';
import { ask, endpoint, refusalOf } from './ask.js';
import { serve } from './serve.js';

// The endpoint where an app has mounted it in a way that cannot work, or where its framework has ways of its own.

const asked = { userId: 'alice', signaling: true };
const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(asked) };
const ADVICE = /takes a Request.*toNodeListener/;

describe('a handler that is given no Request says what to mount instead', () => {
  const translated = translateTokens(endpoint(), {
    ask: () => ({ ...asked, channels: [] }),
    answer: (given) => given,
  });
  test.each<[string, unknown]>([
    ['a context of Koa', { method: 'POST', url: '/', headers: {}, req: {}, res: {} }],
    ['an event of SvelteKit or a route of Remix', { request: ask(asked), params: {} }],
    ['an event of Nitro', { method: 'POST', path: '/', headers: new Headers(init.headers), node: {} }],
    ['an event of AWS Lambda', { httpMethod: 'POST', path: '/', headers: init.headers, body: init.body }],
    ['an address', 'https://app.example/'],
    ['nothing', undefined],
  ])('%s', async (_what, given) => {
    for (const handler of [endpoint(), endpoint({ cors: { origins: ['https://app.example'] } }), translated]) {
      await expect(handler(given as Request)).rejects.toThrow(ADVICE);
    }
  });

  test('in Express, rather than keep the caller waiting', async () => {
    const app = express()
      .post('/', endpoint() as never)
      .use(
        ((error, _request, response, _next) =>
          void response.status(500).send(error.message)) as express.ErrorRequestHandler,
      );
    const response = await fetch(`http://127.0.0.1:${await serve(app)}/`, init);
    expect(await response.text()).toMatch(ADVICE);
  });

  test('in Hono, rather than call it the wrong method', async () => {
    const app = new Hono().post('/', endpoint() as never).onError((error, context) => context.text(error.message, 500));
    expect(await (await app.request('/', init)).text()).toMatch(ADVICE);
  });
});

test.each([undefined, null, {}, 'handler'])('toNodeListener refuses %s at once', (handler) => {
  expect(() => toNodeListener(handler as unknown as FetchHandler)).toThrow(/takes a Fetch handler/);
});

test.each([undefined, null, 'options'])('createTokenHandler refuses %s at once, by name', (options) => {
  expect(() => createTokenHandler(options as never)).toThrow(expect.objectContaining({ argument: 'options' }));
});

test.each<[string, FetchHandler]>([
  ['the token endpoint', endpoint()],
  ['another handler', async () => Response.json({ signaling: {} })],
  ['a handler that fails', () => Promise.reject(new Error('out of order'))],
])('a framework that answers 404 as soon as the listener is done waits for %s', async (_name, handler) => {
  const mounted = toNodeListener(handler, { onError: () => {} });
  // As Koa does with a middleware that has set no body.
  const port = await serve(async (incoming, outgoing) => {
    await mounted(incoming, outgoing);
    if (!outgoing.writableEnded) outgoing.writeHead(404).end();
  });
  expect((await fetch(`http://127.0.0.1:${port}/`, init)).status).not.toBe(404);
});

describe('what helpers of web frameworks throw in the place of a Response', () => {
  class HttpError {
    readonly body = { message: 'Sign in.' };
    readonly status: number;
    constructor(status: number) {
      this.status = status;
    }
  }
  class Redirect {
    readonly status = 307;
    readonly location = '/sign-in';
  }
  class H3Error extends Error {
    static readonly __h3_error__ = true;
    readonly statusCode = 403;
  }
  const error = (fields: object) => Object.assign(new Error('Sign in.'), fields);

  test.each<[string, unknown, number, string]>([
    ['http-errors: Koa, Express, Fastify', error({ status: 403, statusCode: 403, expose: true }), 403, 'FORBIDDEN'],
    ['Hono', new HTTPException(401, { message: 'Sign in.' }), 401, 'UNAUTHORIZED'],
    ['NestJS', error({ status: 429, getResponse: () => 'Slowly.', getStatus: () => 429 }), 429, 'RATE_LIMITED'],
    ['SvelteKit', new HttpError(401), 401, 'UNAUTHORIZED'],
    ['SvelteKit, to another page', new Redirect(), 401, 'UNAUTHORIZED'],
    ['Nuxt and Nitro', new H3Error('Sign in.'), 403, 'FORBIDDEN'],
    ['H3 2', error({ name: 'HTTPError', status: 403, unhandled: undefined }), 403, 'FORBIDDEN'],
    [
      'Fastify’s plugins',
      error({ name: 'FastifyError', code: 'FST_JWT_BAD_REQUEST', statusCode: 400 }),
      400,
      'INVALID_REQUEST',
    ],
    ['express-jwt', error({ name: 'UnauthorizedError', status: 401 }), 401, 'UNAUTHORIZED'],
    ['Next.js', error({ digest: 'NEXT_HTTP_ERROR_FALLBACK;403' }), 403, 'FORBIDDEN'],
    ['Next.js, to another page', error({ digest: 'NEXT_REDIRECT;replace;/sign-in;307;' }), 401, 'UNAUTHORIZED'],
  ])('is answered by its status: that of %s', async (_whose, thrown, status, code) => {
    const onError = vi.fn();
    const refused = await endpoint({ authorize: () => Promise.reject(thrown), onError })(ask(asked));
    expect(await refused.clone().text()).not.toContain('Sign in.');
    expect([...(await refusalOf(refused)), onError.mock.calls.length]).toEqual([status, code, 0]);
  });

  test.each<[string, unknown]>([
    ['an HTTP client', error({ status: 401, response: new Response(null, { status: 401 }) })],
    ['an HTTP client, by the name of H3’s', error({ name: 'HTTPError', status: 401, response: {}, request: {} })],
    ['H3 2, of what it did not expect', error({ name: 'HTTPError', status: 401, unhandled: true })],
    ['Fastify itself', error({ name: 'FastifyError', code: 'FST_ERR_DEC_AFTER_START', statusCode: 500 })],
    ['a payment service', error({ statusCode: 403, raw: {} })],
    ['another server, as JSON', { status: 403, title: 'No.' }],
    ['a framework, with a success', error({ status: 200, expose: true })],
    ['a framework, with no status', error({ status: 'forbidden', expose: true })],
    ['Next.js, of something else', error({ digest: '403' })],
  ])('is no answer, and told to onError: that of %s', async (_whose, thrown) => {
    const onError = vi.fn();
    const refused = await endpoint({ authorize: () => Promise.reject(thrown), onError })(ask(asked));
    expect([...(await refusalOf(refused)), onError.mock.calls.length]).toEqual([500, 'INTERNAL', 1]);
  });
});

test('the guide’s routes are known with a "/" behind them, as some routers put it there', async () => {
  const handler = endpoint({ guideRoutes: true });
  const request = new Request('https://app.example/api/fetch_rtm_token/', { method: 'POST', body: '{"uid":"alice"}' });
  expect(await (await handler(request)).json()).toMatchObject({ code: '200', token: expect.stringMatching(/^007/) });
});

describe('origins', () => {
  test.each(['capacitor://localhost', 'ionic://localhost', 'tauri://localhost', 'capacitor://localhost:8100'])(
    'of an app that is no website are known: %s',
    (origin) => void endpoint({ cors: { origins: [origin] } }),
  );

  test.each([
    ['https://app.example/', 'https://app.example'],
    ['https://App.example:443', 'https://app.example'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ])('written as %s are refused with what browsers say', (written, said) => {
    expect(() => endpoint({ cors: { origins: [written] } })).toThrow(`browsers say "${said}"`);
  });
});
