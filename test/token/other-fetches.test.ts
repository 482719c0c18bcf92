import {
  agoraTokenServiceSource,
  guideTokenSource,
  type HttpOptions,
  httpTokenSource,
  type TokenSource,
} from 'agora-session';
import { describe, expect, it } from 'vitest';

const url = 'https://app.test/tokens';
const asked = { appId: '', userId: 'alice', signaling: true, channels: [], cause: 'login' as const };
const init = { signal: new AbortController().signal };
const answer = () => Response.json({ signaling: { token: 'x' }, token: 'x', rtmToken: 'x' });

type Make = (options: HttpOptions) => TokenSource;
const sources: [string, Make][] = Object.entries({ httpTokenSource, guideTokenSource, agoraTokenServiceSource }).map(
  ([name, make]) => [name, (options) => make({ url, ...options })],
);

/** The `fetch` of apps, of polyfills and of other clients, which know less than the platform's. */
type AppFetch = (url: string, init: RequestInit & { headers: Record<string, string> }) => unknown;
const given = (make: Make, fetch: AppFetch, options: object = {}) =>
  make({ ...options, fetch: fetch as unknown as typeof globalThis.fetch }).getTokens(asked, init);

describe.each(sources)('%s', (_name, make) => {
  it('works with a fetch that takes addresses as texts, as polyfills and wrappers do', async () => {
    const taken = await given(make, (address) => {
      if (!address.startsWith('https://app.test/')) throw new TypeError('Only absolute URLs are supported');
      return answer();
    });
    expect(taken.signaling).toMatchObject({ token: 'x' });
  });

  it('works with a wrapper that adds a header to those that are there', async () => {
    const sent: Headers[] = [];
    const wrapper: AppFetch = (address, { headers, ...rest }) => {
      sent.push(new Request(address, { ...rest, headers: { ...headers, authorization: 'Bearer sesame' } }).headers);
      return answer();
    };
    await given(make, wrapper, { headers: { 'x-tenant': '7' } });
    expect(sent[0]?.get('x-tenant')).toBe('7');
    expect(sent[0]?.get('authorization')).toBe('Bearer sesame');
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['what axios answers', { data: { token: 'x' }, status: 200, headers: {} }],
    ['the parsed body, as ofetch does', { signaling: { token: 'x' } }],
  ])('says so of a fetch that gives %s', async (_what, response) => {
    await expect(given(make, () => response)).rejects.toThrow(/`fetch` must give a Response/);
  });

  it('says that an answer is no JSON, whatever a polyfill throws for it', async () => {
    const reason = Object.assign(new Error('invalid json response body'), { name: 'FetchError', type: 'invalid-json' });
    const response = Object.assign(new Response('<!doctype html>'), { json: () => Promise.reject(reason) });
    await expect(given(make, () => response)).rejects.toThrow(/is not JSON/);
  });

  it('waits for headers that are a Promise, where a value or a function is expected', async () => {
    const authorizations: unknown[] = [];
    const recording: AppFetch = (_address, { headers }) => {
      authorizations.push(headers.authorization);
      return answer();
    };
    await given(make, recording, { headers: Promise.resolve({ authorization: 'Bearer sesame' }) });
    expect(authorizations).toEqual(['Bearer sesame']);
  });

  it.each([undefined, null])('names a header whose value is %s, rather than send that word', async (value) => {
    const sent = given(make, answer, { headers: { authorization: value } });
    await expect(sent).rejects.toThrow(`\`headers\` has ${value} for authorization.`);
  });

  it('names a header whose value is a function, rather than send its source', async () => {
    const sent = given(make, answer, { headers: { authorization: () => 'Bearer sesame' } });
    await expect(sent).rejects.toThrow('`headers` has no text for authorization.');
  });

  it.each<[unknown, string]>([
    [Promise.resolve('Bearer sesame'), 'no text'],
    [{ token: 'sesame' }, 'no text'],
  ])('refuses headers with an object for a value, which would be sent as its type: %s', async (value, told) => {
    const sent = given(make, answer, { headers: async () => ({ authorization: value, 'x-tenant': 7 }) });
    await expect(sent).rejects.toThrow(`\`headers\` has ${told} for authorization.`);
  });

  it.each<[string, (value: unknown) => unknown]>([
    ['a list of pairs', (value) => [['authorization', value]]],
    ['a Map', (value) => new Map([['authorization', value]])],
    ['a generator, which gives its pairs once only', (value) => new Map([['authorization', value]]).entries()],
  ])('looks at the values of %s as at those of an object', async (_what, headers) => {
    const sent: unknown[] = [];
    const recording: AppFetch = (_address, init) => {
      sent.push(init.headers);
      return answer();
    };
    await given(make, recording, { headers: () => headers('Bearer sesame') });
    expect(sent).toMatchObject([{ authorization: 'Bearer sesame' }]);
    for (const [value, told] of [
      [Promise.resolve('Bearer sesame'), 'no text'],
      [() => 'Bearer sesame', 'no text'],
      [{ token: 'sesame' }, 'no text'],
      [undefined, 'undefined'],
      [null, 'null'],
    ]) {
      const refused = given(make, answer, { headers: () => headers(value) });
      await expect(refused).rejects.toThrow(`\`headers\` has ${told} for authorization.`);
    }
  });

  it.each<[unknown]>([
    [['Bearer sesame']],
    [[['Bearer sesame']]],
    [[['authorization', 'Bearer sesame', 'x']]],
    ['Bearer sesame'],
  ])('says of a list of something else what is expected: %j', async (headers) => {
    const refused = given(make, answer, { headers: () => headers });
    await expect(refused).rejects.toThrow('`headers` must be names and values that HTTP can carry');
  });

  it('sends what is no text, and has one, as that', async () => {
    const sent: unknown[] = [];
    const recording: AppFetch = (_address, { headers }) => {
      sent.push(headers);
      return answer();
    };
    await given(make, recording, {
      headers: { 'x-tenant': 7, 'x-page': new URL('https://app.test/'), 'x-tags': ['a', 'b'] },
    });
    expect(sent).toMatchObject([{ 'x-tenant': '7', 'x-page': 'https://app.test/', 'x-tags': 'a,b' }]);
  });

  it.each([null, () => null])('sends none where `headers` gives null', async (headers) => {
    expect((await given(make, answer, { headers })).signaling).toMatchObject({ token: 'x' });
  });

  it('takes the URL of another realm', async () => {
    // As a test's DOM has one: it reads as an address, and is no instance of this realm's class.
    const address = { toString: () => url, [Symbol.toStringTag]: 'URL' } as unknown as URL;
    const source = make({ ...{ url: address }, fetch: async () => answer() });
    expect((await source.getTokens(asked, init)).signaling).toMatchObject({ token: 'x' });
  });
});
