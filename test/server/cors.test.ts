import { describe, expect, test, vi } from 'vitest';
import { ask, endpoint } from './ask.js';

describe('CORS', () => {
  const origins = ['https://app.example'];
  const from = (origin: string, init: RequestInit = {}) =>
    ask({ signaling: true }, { ...init, headers: { origin, ...(init.headers as object) } });

  test('is off by default', async () => {
    const response = await endpoint()(from('https://app.example'));
    expect(response.headers.has('access-control-allow-origin')).toBe(false);
    expect((await endpoint()(from('https://app.example', { method: 'OPTIONS' }))).status).toBe(405);
  });

  test('lets the listed origins read answers, with cookies', async () => {
    for (const body of [{ signaling: true }, {}]) {
      const response = await endpoint({ cors: { origins } })(ask(body, { headers: { origin: 'https://app.example' } }));
      expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(response.headers.get('access-control-allow-credentials')).toBe('true');
      expect(response.headers.get('vary')).toBe('Origin');
      // A session reads these two; a page of another origin sees what is exposed, and no more.
      expect(response.headers.get('access-control-expose-headers')).toBe('Retry-After, Date');
    }
  });

  test('knows the origins of apps that are no websites', async () => {
    const app = ['capacitor://localhost', 'chrome-extension://abcdefghijklmnop'];
    for (const origin of app) {
      const response = await endpoint({ cors: { origins: app } })(from(origin));
      expect(response.headers.get('access-control-allow-origin')).toBe(origin);
    }
  });

  test('answers their preflight with what they ask, to be kept', async () => {
    const headers = { origin: 'https://app.example', 'access-control-request-headers': 'authorization,content-type' };
    const request = new Request('https://backend.example/', { method: 'OPTIONS', headers });
    const response = await endpoint({ cors: { origins } })(request);
    expect([response.status, Object.fromEntries(response.headers)]).toEqual([
      204,
      expect.objectContaining({
        'access-control-allow-origin': 'https://app.example',
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization,content-type',
        'access-control-max-age': '7200',
        vary: 'Origin, Access-Control-Request-Headers',
      }),
    ]);
  });

  test.each(['https://evil.example', 'https://app.example.evil.example', 'null'])(
    'gives %s nothing',
    async (origin) => {
      for (const method of ['POST', 'OPTIONS']) {
        const headers = { origin, 'content-type': 'application/json' };
        const request = new Request('https://backend.example/', {
          method,
          headers,
          ...(method === 'POST' ? { body: '{}' } : {}),
        });
        const response = await endpoint({ cors: { origins } })(request);
        expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
        expect(response.headers.get('vary')).toBe('Origin');
      }
    },
  );

  test.each([
    '*',
    'null',
    'app.example',
    'https://app.example/',
    'https://app.example/path',
    'file://',
    'app://a/b',
    '',
  ])('refuses %s in the list', (origin) => {
    expect(() => endpoint({ cors: { origins: ['https://app.example', origin] } })).toThrow(
      expect.objectContaining({ argument: 'cors.origins[1]' }),
    );
  });

  test.each<[string, unknown, RegExp]>([
    ['a RegExp', /^https:\/\/pr-\d+\.example\.app$/, /got a RegExp: give a function that tests the origin/],
    ['a Symbol', Symbol('https://app.example'), /got symbol/],
    ['an address as an object', new URL('https://app.example/'), /got object/],
    ['a list', ['https://app.example'], /got object/],
    ['a function', () => true, /got function/],
    ['nothing', undefined, /got undefined/],
  ])('refuses %s in the list, and says what it is', (_name, origin, said) => {
    const make = () => endpoint({ cors: { origins: [origin] as never } });
    expect(make).toThrow(expect.objectContaining({ argument: 'cors.origins[0]' }));
    expect(make).toThrow(said);
  });

  test('refuses a RegExp in the place of the list, and says what is the way', () => {
    expect(() => endpoint({ cors: { origins: /^https:/ as never } })).toThrow(
      /^cors\.origins .*give a function that tests the origin/,
    );
  });
});

describe('origins that change, as those of preview deployments do,', () => {
  const from = (origin: string) => ask({ signaling: true }, { headers: { origin } });
  const allowed = async (origins: unknown, onError = () => {}) => {
    const response = await endpoint({ cors: { origins } as never, onError })(from('https://pr-7.example.app'));
    return response.headers.get('access-control-allow-origin');
  };

  test.each(['https://*.vercel.app', 'https://*', 'https://preview-*.example.com', '*://app.example'])(
    'are not said by %s, which no browser sends',
    (origin) => {
      expect(() => endpoint({ cors: { origins: [origin] } })).toThrow(/cors\.origins\[0\] .* give a function/);
    },
  );

  test('are known by a function', async () => {
    expect(await allowed((origin: string) => /^https:\/\/pr-\d+\.example\.app$/.test(origin))).toBe(
      'https://pr-7.example.app',
    );
    expect(await allowed(() => false)).toBeNull();
  });

  test.each<[string, () => unknown]>([
    ['throws', () => JSON.parse('{')],
    ['answers a promise', async () => true],
    ['answers a promise that rejects', () => Promise.reject(new Error('out of order'))],
    ['answers a text', () => 'yes'],
  ])('are let in by no function that %s, and the server’s log learns of it', async (_name, origins) => {
    const onError = vi.fn();
    expect(await allowed(origins, onError)).toBeNull();
    expect(onError).toHaveBeenCalled();
  });
});
