import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { RequestRefusedError, toNodeListener } from '../../src/server/index.js';
import { ask, endpoint, refusalOf } from './ask.js';
import { appCertificate } from './official-tokens.js';
import { serve } from './serve.js';

// What is no proper refusal is the server's failure: its caller gets a 500 that says nothing, and its log learns of it, whatever it was.

afterEach(() => void vi.restoreAllMocks());

const changed = (changes: object) => Object.assign(new RequestRefusedError(403, 'BANNED', 'No.'), changes);
const revoked = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const thrower = new Proxy(new RequestRefusedError(403, 'BANNED', 'No.'), {
  get() {
    throw new Error('no look');
  },
});

const IMPROPER: [string, unknown][] = [
  ['a status that HTTP does not have', changed({ status: 1000 })],
  ['a status that is none', changed({ status: 'teapot' })],
  ['a status of success', changed({ status: 200 })],
  ['a header that node refuses', changed({ headers: { 'x-note': 'a\u0001b' } })],
  ['a header with a line break', changed({ headers: { 'x-note': 'a\r\nset-cookie: b=c' } })],
  ['a header that frames the answer', changed({ headers: { 'content-length': '3' } })],
  ['headers that are none', changed({ headers: null })],
  ['a code that is no text', changed({ code: 5n })],
  ['a message that is no text', changed({ message: Symbol('No.') })],
  ['a Proxy that fails at every look', thrower],
  ['a Proxy that was revoked', revoked()],
  ['nothing', undefined],
  ['a text', 'no'],
  ['a Symbol', Symbol('no')],
];

describe.each(['authorize', 'limit', 'appCertificate', 'onIssued'])('thrown by %s,', (name) => {
  test.each(IMPROPER)('%s is a 500, and told to onError', async (_name, thrown) => {
    const onError = vi.fn();
    const port = await serve(toNodeListener(endpoint({ [name]: () => Promise.reject(thrown), onError })));
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"signaling":true}' };
    expect(await refusalOf(await fetch(`http://127.0.0.1:${port}/`, init))).toEqual([500, 'INTERNAL']);
    expect(onError).toHaveBeenCalledOnce();
    expect(onError.mock.calls[0]?.[0]).toBe(thrown);
  });
});

test.each(IMPROPER)('%s is logged without an onError, too', async (_name, thrown) => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  await endpoint({ authorize: () => Promise.reject(thrown) })(ask({ signaling: true }));
  expect(log).toHaveBeenCalledOnce();
});

test.each([
  ['a control character', { 'retry-after': '5\u0001' }],
  ['another length', { 'Content-Length': '0' }],
  ['another encoding', { 'Transfer-Encoding': 'chunked' }],
  ['an end of the connection', { connection: 'close' }],
])('a RequestRefusedError is not made with %s in a header', (_name, headers) => {
  expect(() => new RequestRefusedError(503, 'BUSY', 'Later.', headers)).toThrow(
    expect.objectContaining({ argument: 'headers' }),
  );
});

test.each<[string, unknown]>([
  ['a promise', Promise.resolve('5')],
  ['a list', ['a', 'b']],
  ['an object', {}],
  ['nothing', undefined],
  ['null', null],
])('a RequestRefusedError is not made with %s for a header', (_name, value) => {
  const make = () => new RequestRefusedError(503, 'BUSY', 'Later.', { 'retry-after': value as never });
  expect(make).toThrow(expect.objectContaining({ argument: 'headers' }));
  expect(make).toThrow(/texts for values/);
});

test.each<[string, unknown]>([
  ['null', null],
  ['a promise', Promise.resolve({})],
  ['a text', 'retry-after: 5'],
])('a RequestRefusedError is not made with %s for its headers', (_name, headers) => {
  expect(() => new RequestRefusedError(503, 'BUSY', 'Later.', headers as never)).toThrow(
    expect.objectContaining({ argument: 'headers' }),
  );
});

test.each<[string, unknown]>([
  ['options', null],
  ['onError', { onError: 'log' }],
])('toNodeListener refuses %s of another type at once', (argument, options) => {
  expect(() => toNodeListener(endpoint(), options as never)).toThrow(expect.objectContaining({ argument }));
});

test('what a handler of the app’s own throws is told to onError, else to the console', async () => {
  const failing = () => Promise.reject(new Error('out of order'));
  const onError = vi.fn();
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  expect((await fetch(`http://127.0.0.1:${await serve(toNodeListener(failing, { onError }))}/`)).status).toBe(500);
  expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ message: 'out of order' }));
  expect(log).not.toHaveBeenCalled();
  expect((await fetch(`http://127.0.0.1:${await serve(toNodeListener(failing))}/`)).status).toBe(500);
  expect(log.mock.calls.flat().join()).toContain('out of order');
});

describe('the console is told', () => {
  const logged = async (thrown: unknown): Promise<string> => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    await endpoint({ authorize: () => Promise.reject(thrown) })(ask({ signaling: true }));
    return inspect(log.mock.calls);
  };

  test.each([
    ['the certificate', appCertificate],
    ['the certificate in another case', appCertificate.toLowerCase()],
    ['another certificate', '0123456789abcdefABCDEF9876543210'],
    ['a token', `007${'eJxSYOhcOml6hF+ZbP'.repeat(5)}==`],
    ['the credentials of a header', 'authorization: Bearer s3cret.of.alice'],
    ['a cookie', 'Cookie: session=s3cret'],
    ['a sign-in that is a JWT', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl'],
    ['one that is encrypted', 'eyJhbGciOiJkaXIifQ..aXY.Y2lwaGVy.dGFn'],
  ])('no secret that the app’s own error has in its text: %s', async (_name, secret) => {
    const cause = new Error(`Cannot sign with ${secret}.`);
    const text = await logged(new Error(`The store says "${secret}"`, { cause }));
    expect(text).toContain('The store says');
    expect(text).toContain('Cannot sign with');
    expect(text).not.toContain(secret);
    expect(text).not.toContain('s3cret');
  });

  test('what went wrong otherwise, word for word', async () => {
    expect(await logged(new Error('connect ECONNREFUSED 127.0.0.1:5432'))).toContain(
      'connect ECONNREFUSED 127.0.0.1:5432',
    );
  });
});
