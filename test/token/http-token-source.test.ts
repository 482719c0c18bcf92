import { agoraTokenServiceSource, guideTokenSource, httpTokenSource, type TokenRequest } from 'agora-session';
import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const URL_ = 'https://tokens.test/api/agora/tokens';
const asked: TokenRequest = {
  appId: 'a'.repeat(32),
  userId: 'alice',
  signaling: true,
  channels: ['stage', '__proto__'],
  cause: 'login',
};
const init = { signal: new AbortController().signal };

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => server.resetHandlers());
afterAll(() => server.close());

describe('httpTokenSource', () => {
  it("posts what is asked for as JSON and gives the answer with the server's time", async () => {
    server.use(
      http.post(URL_, async ({ request }) => {
        expect(request.headers.get('content-type')).toBe('application/json');
        expect(await request.json()).toEqual({ userId: 'alice', signaling: true, channels: ['stage', '__proto__'] });
        const answer =
          '{"userId":"alice","signaling":{"token":"007a","expiresIn":60},"channels":{"__proto__":{"token":"007b"}}}';
        const headers = { 'content-type': 'application/json', date: 'Mon, 01 Jun 2026 00:00:00 GMT' };
        return new HttpResponse(answer, { headers });
      }),
    );
    const response = await httpTokenSource({ url: URL_ }).getTokens(asked, init);
    expect(response).toMatchObject({
      userId: 'alice',
      signaling: { token: '007a', expiresIn: 60 },
      servedAt: Date.UTC(2026, 5, 1),
    });
    expect(Object.getOwnPropertyDescriptor(response.channels, '__proto__')?.value).toEqual({ token: '007b' });
  });

  it('speaks to other servers by `request` and `response`', async () => {
    server.use(
      http.post(URL_, async ({ request }) =>
        HttpResponse.json({ jwt: `007${JSON.stringify(await request.json()).length}` }),
      ),
    );
    const source = httpTokenSource({
      url: new URL(URL_),
      request: ({ userId }) => ({ uid: userId }),
      response: (answer) => ({ signaling: { token: (answer as { jwt: string }).jwt } }),
    });
    expect(await source.getTokens(asked, init)).toMatchObject({ signaling: { token: '00715' } });
  });

  it('takes an instance of a class from `response`, whose getters stand in its prototype', async () => {
    class Tokens {
      readonly #jwt: string;
      constructor(jwt: string) {
        this.#jwt = jwt;
      }
      get userId() {
        return 'alice';
      }
      get signaling() {
        return { token: this.#jwt };
      }
      get channels() {
        return { stage: { token: `${this.#jwt}s` } };
      }
    }
    server.use(
      http.post(URL_, () => HttpResponse.json({ jwt: '007a' }, { headers: { date: 'Mon, 01 Jun 2026 00:00:00 GMT' } })),
    );
    const source = httpTokenSource({ url: URL_, response: (answer) => new Tokens((answer as { jwt: string }).jwt) });
    expect(await source.getTokens(asked, init)).toEqual({
      userId: 'alice',
      signaling: { token: '007a' },
      channels: { stage: { token: '007as' } },
      servedAt: Date.UTC(2026, 5, 1),
    });
  });

  it('repeats a 401 once with freshly made headers', async () => {
    const seen: (string | null)[] = [];
    server.use(
      http.post(URL_, ({ request }) => {
        seen.push(request.headers.get('authorization'));
        return seen.length === 1 ? new HttpResponse(null, { status: 401 }) : HttpResponse.json({});
      }),
    );
    let made = 0;
    await httpTokenSource({ url: URL_, headers: async () => ({ authorization: `Bearer ${++made}` }) }).getTokens(
      asked,
      init,
    );
    expect(seen).toEqual(['Bearer 1', 'Bearer 2']);
  });

  it.each([
    [401, 2],
    [403, 1],
  ])('takes %i for a denial after %i requests', async (status, requests) => {
    let count = 0;
    server.use(
      http.post(URL_, () => {
        count += 1;
        return new HttpResponse(null, { status });
      }),
    );
    await expect(httpTokenSource({ url: URL_ }).getTokens(asked, init)).rejects.toMatchObject({
      name: 'TokenDeniedError',
    });
    expect(count).toBe(requests);
  });

  it.each([
    [404, true],
    [422, true],
    [408, false],
    [425, false],
    [429, false],
    [500, false],
    [503, false],
  ])('takes %i for final at a login: %s', async (status, unusable) => {
    server.use(http.post(URL_, () => new HttpResponse('Bearer secret', { status })));
    await expect(httpTokenSource({ url: URL_ }).getTokens(asked, init)).rejects.toMatchObject({
      name: 'TokenRequestError',
      status,
      unusable,
      message: `The token server answered ${status}.`,
    });
  });

  it.each([
    ['seconds', { 'retry-after': '120' }, 120_000],
    [
      "a date, against the server's own clock",
      { 'retry-after': 'Mon, 01 Jun 2026 00:01:00 GMT', date: 'Mon, 01 Jun 2026 00:00:00 GMT' },
      60_000,
    ],
    ['nothing it can read', { 'retry-after': 'soon' }, undefined],
  ])('reads Retry-After given as %s', async (_name, headers, retryAfterMs) => {
    server.use(http.post(URL_, () => new HttpResponse(null, { status: 429, headers: headers as HeadersInit })));
    await expect(httpTokenSource({ url: URL_ }).getTokens(asked, init)).rejects.toMatchObject({ retryAfterMs });
  });

  it.each([
    ['HTML', '<!doctype html><p>Sign in</p>'],
    ['cut JSON', '{"signaling":{"token":"007'],
    ['nothing', ''],
    ['a bare string', '"007abc"'],
    ['null', 'null'],
  ])('calls %s an unusable answer', async (_name, body) => {
    server.use(http.post(URL_, () => new HttpResponse(body)));
    await expect(httpTokenSource({ url: URL_ }).getTokens(asked, init)).rejects.toMatchObject({
      unusable: true,
      status: undefined,
    });
  });

  it('asks once where the network fails, and leaves repeating to the session', async () => {
    let count = 0;
    server.use(
      http.post(URL_, () => {
        count += 1;
        return HttpResponse.error();
      }),
    );
    await expect(httpTokenSource({ url: URL_ }).getTokens(asked, init)).rejects.toThrow();
    expect(count).toBe(1);
  });

  it('ends when its signal does', async () => {
    server.use(http.post(URL_, () => new Promise<never>(() => {})));
    const controller = new AbortController();
    const request = httpTokenSource({ url: URL_ }).getTokens(asked, { signal: controller.signal });
    controller.abort();
    await expect(request).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('refuses an empty address at once', () => {
    expect(() => httpTokenSource({ url: '' })).toThrow(/`url`/);
  });
});

describe('guideTokenSource', () => {
  it("asks the guide's routes and gives both kinds of token", async () => {
    const bodies: unknown[] = [];
    server.use(
      http.post('http://localhost:8082/fetch_rtm_token', async ({ request }) => {
        bodies.push(await request.json());
        return HttpResponse.json({ token: '007login', code: '200' });
      }),
      http.post('http://localhost:8082/fetch_rtc_token', async ({ request }) => {
        bodies.push(await request.json());
        return HttpResponse.json({ token: '007stage', code: 200 });
      }),
    );
    const source = guideTokenSource({ url: 'http://localhost:8082/' });
    expect(await source.getTokens({ ...asked, channels: ['stage'] }, init)).toEqual({
      signaling: { token: '007login' },
      channels: { stage: { token: '007stage' } },
    });
    expect(bodies).toEqual([{ uid: 'alice' }, { uid: 'alice', channelName: 'stage', role: 1 }]);
  });

  it("sends a numeric user as the number that the guide's RTC server takes", async () => {
    server.use(
      http.post('http://localhost:8082/fetch_rtc_token', async ({ request }) =>
        HttpResponse.json({ token: `007${await request.text()}` }),
      ),
    );
    const response = await guideTokenSource({ url: 'http://localhost:8082' }).getTokens(
      { ...asked, userId: '42', signaling: false, channels: ['stage'] },
      init,
    );
    expect(response.channels?.stage).toEqual({ token: '007{"uid":42,"channelName":"stage","role":1}' });
  });

  it('does not take the error text in `token` for a token', async () => {
    server.use(
      http.post('http://localhost:8082/fetch_rtm_token', () =>
        HttpResponse.json({ token: 'Bad request.', code: '400' }),
      ),
    );
    const source = guideTokenSource({ url: 'http://localhost:8082' });
    await expect(source.getTokens({ ...asked, channels: [] }, init)).rejects.toMatchObject({ unusable: true });
  });
});

describe('agoraTokenServiceSource', () => {
  it('asks for each token with a GET, names escaped', async () => {
    server.use(
      http.get('http://localhost:8080/rtm/a%20b/', ({ request }) =>
        HttpResponse.json({ rtmToken: `007${new URL(request.url).search}` }),
      ),
      http.get('http://localhost:8080/rtc/c%3F/publisher/userAccount/a%20b/', () =>
        HttpResponse.json({ rtcToken: '007c' }),
      ),
    );
    const source = agoraTokenServiceSource({ url: 'http://localhost:8080', expiresInSeconds: 600 });
    expect(await source.getTokens({ ...asked, userId: 'a b', channels: ['c?'] }, init)).toEqual({
      signaling: { token: '007?expiry=600' },
      channels: { 'c?': { token: '007c' } },
    });
  });

  it('denies singly what the server forbids singly', async () => {
    server.use(
      http.get('http://localhost:8080/rtm/alice/', () => HttpResponse.json({ rtmToken: '007' })),
      http.get('http://localhost:8080/rtc/*', () => new HttpResponse(null, { status: 403 })),
    );
    const source = agoraTokenServiceSource({ url: 'http://localhost:8080' });
    expect(await source.getTokens({ ...asked, channels: ['stage'] }, init)).toMatchObject({
      channels: { stage: { name: 'TokenDeniedError', status: 403 } },
    });
  });
});
