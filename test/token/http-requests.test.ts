import {
  agoraTokenServiceSource,
  guideTokenSource,
  httpTokenSource,
  SessionManager,
  singleTokenSource,
  type TokenRequest,
  type TokenSource,
} from 'agora-session';
import { afterEach, describe, expect, it, vi } from 'vitest';

const url = 'https://app.test/tokens';
const asked: TokenRequest = { appId: '', userId: 'alice', signaling: true, channels: [], cause: 'schedule' };
const init = { signal: new AbortController().signal };
const sources = { httpTokenSource, guideTokenSource, agoraTokenServiceSource };
type Make = (options: { url: string | URL; fetch?: typeof fetch }) => TokenSource;

/** A token server that notes what reaches it. */
function recording(answer: unknown = { signaling: { token: 'x' }, token: 'x', rtmToken: 'x' }) {
  const requests: Request[] = [];
  const fetch = async (...args: Parameters<typeof globalThis.fetch>): Promise<Response> => {
    requests.push(new Request(...args));
    return Response.json(answer);
  };
  return { requests, fetch };
}

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe.each(Object.entries(sources) as [string, Make][])('%s', (name, make) => {
  it('asks past the caches between page and server', async () => {
    const { requests, fetch } = recording();
    await make({ url, fetch }).getTokens(asked, init);
    expect(requests.map(({ cache }) => cache)).toEqual(['no-store']);
  });

  it("takes the platform's own fetch as an option, which is no method of anything", async () => {
    const { fetch } = recording();
    async function platformFetch(this: unknown, ...args: Parameters<typeof globalThis.fetch>): Promise<Response> {
      if (this !== undefined && this !== globalThis) throw new TypeError('Illegal invocation');
      return fetch(...args);
    }
    expect((await make({ url, fetch: platformFetch }).getTokens(asked, init)).signaling).toMatchObject({ token: 'x' });
  });

  it('asks where the platform cannot join two signals', async () => {
    vi.spyOn(AbortSignal, 'any').mockImplementation(() => {
      throw new TypeError('AbortSignal.any is not a function');
    });
    const { requests, fetch } = recording();
    await make({ url, fetch }).getTokens(asked, init);
    expect(requests).toHaveLength(1);
  });

  it('asks, and ends, with a signal of another realm', async () => {
    const native = new AbortController();
    // What a test's DOM has for AbortSignal: it works alike, and the platform's Request refuses it.
    const foreign = {
      get aborted() {
        return native.signal.aborted;
      },
      get reason() {
        return native.signal.reason;
      },
      addEventListener: native.signal.addEventListener.bind(native.signal),
      removeEventListener: native.signal.removeEventListener.bind(native.signal),
      throwIfAborted: () => native.signal.throwIfAborted(),
    } as unknown as AbortSignal;
    const { fetch } = recording();
    await make({ url, fetch }).getTokens(asked, { signal: foreign });
    const ended = make({ url, fetch: () => new Promise(() => {}) }).getTokens(asked, { signal: foreign });
    native.abort();
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['a number', 8082],
    ['an address without its scheme', 'localhost:8082/tokens'],
    ['a WebSocket', 'wss://app.test/tokens'],
    ['a file', 'file:///tokens.json'],
    ['a text that is no address', 'https://'],
    ['a user name and password', 'https://user:sesame@app.test/tokens'],
    ['a URL of that kind', new URL('https://user:sesame@app.test/tokens')],
  ])('refuses at once what can never be fetched: %s', (_what, address) => {
    const made = (): unknown => make({ url: address as string });
    expect(made).toThrow(`${name}: \`url\``);
    expect(made).not.toThrow(/sesame/);
  });

  it('refuses at once a `fetch` that is no function', () => {
    expect(() => make({ url, fetch: 'fetch' as never })).toThrow(`${name}: \`fetch\``);
  });

  it('resolves a relative address against the page', async () => {
    vi.stubGlobal('document', { baseURI: 'https://page.test/app/' });
    const { requests, fetch } = recording();
    await make({ url: 'api', fetch }).getTokens(asked, init);
    expect(requests[0]?.url).toMatch(/^https:\/\/page\.test\/app\/api/);
  });

  it('refuses a relative address on a page that was opened as a file', () => {
    vi.stubGlobal('document', { baseURI: 'file:///home/me/index.html' });
    expect(() => make({ url: '/tokens' })).toThrow(/file:/);
  });

  it('takes the addresses of an app with a scheme of its own', async () => {
    vi.stubGlobal('document', { baseURI: 'capacitor://localhost/index.html' });
    const { fetch } = recording();
    await make({ url: '/tokens', fetch }).getTokens(asked, init);
  });
});

it('the session names its own option where the address is wrong', () => {
  const make = (tokens: string) => () => new SessionManager({ appId: 'a'.repeat(32), userId: 'alice', tokens });
  expect(make('localhost:3000/tokens')).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/^`tokens`/) }),
  );
  expect(make('/tokens')).not.toThrow();
});

describe('the query of the address', () => {
  it.each<[string, Make, string, string]>([
    ['agora-token-service', agoraTokenServiceSource, 'https://app.test/api?tenant=7', '/api/rtm/alice/?tenant=7'],
    ['the guide’s server', guideTokenSource, 'https://app.test/api/?tenant=7', '/api/fetch_rtm_token?tenant=7'],
    [
      'a server with a fragment',
      guideTokenSource,
      'https://app.test/api?tenant=7#top',
      '/api/fetch_rtm_token?tenant=7',
    ],
    ['an endpoint', httpTokenSource, 'https://app.test/api?tenant=7', '/api?tenant=7'],
    [
      'a server whose route has one itself',
      (options) => agoraTokenServiceSource({ ...options, expiresInSeconds: 60 }),
      'https://app.test/api?tenant=7',
      '/api/rtm/alice/?expiry=60&tenant=7',
    ],
    [
      'a server whose route begins with a slash',
      (options) => singleTokenSource({ ...options, request: () => ({ path: '/rtm?a=1' }), token: () => 'x' }),
      'https://app.test?tenant=7',
      '/rtm?a=1&tenant=7',
    ],
  ])('stands behind the route of %s', async (_what, make, address, expected) => {
    const { requests, fetch } = recording();
    await make({ url: address, fetch }).getTokens(asked, init);
    expect(requests.map((request) => request.url.replace('https://app.test', ''))).toEqual([expected]);
  });
});

it('tells the headers function that the server refused the last headers', async () => {
  const told: unknown[] = [];
  let requests = 0;
  const source = httpTokenSource({
    url,
    headers: (request) => {
      told.push(request);
      return {};
    },
    fetch: async () => {
      requests += 1;
      return requests === 1 ? new Response(null, { status: 401 }) : Response.json({ signaling: { token: 'x' } });
    },
  });
  await source.getTokens(asked, init);
  await source.getTokens(asked, init);
  expect(told).toEqual([{ refused: false }, { refused: true }, { refused: false }]);
});
