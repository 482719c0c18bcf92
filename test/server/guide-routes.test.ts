import { describe, expect, test } from 'vitest';
import { allowAnyone, verifyAccessToken } from '../../src/server/index.js';
import { endpoint, NOW, refusalOf } from './ask.js';
import { appCertificate, appId } from './official-tokens.js';

const open = endpoint({ authorize: allowAnyone, guideRoutes: { anyOrigin: true } });

function post(path: string, body: unknown): Request {
  // The guide's clients set no content type of their own choice, and its server does not look.
  return new Request(`http://localhost:8082${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

async function wire(response: Response | Promise<Response>): Promise<[number, unknown]> {
  const settled = await response;
  return [settled.status, await settled.json()];
}

async function serviceOf(response: Response | Promise<Response>) {
  const { token, code } = (await (await response).json()) as { token: string; code: string };
  expect(code).toBe('200');
  return verifyAccessToken(token, { appId, appCertificate, now: NOW / 1000 }).services[0];
}

test('POST /fetch_rtm_token gives a token for the uid', async () => {
  expect(await serviceOf(open(post('/fetch_rtm_token', { uid: 'alice' })))).toMatchObject({
    name: 'rtm',
    userId: 'alice',
  });
});

test('an answer has the two strings of the guide, and its headers', async () => {
  const response = await open(post('/fetch_rtm_token', { uid: 'alice' }));
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'application/json',
    'access-control-allow-origin': '*',
    'cache-control': 'no-store',
  });
  expect(await response.json()).toEqual({ token: expect.stringMatching(/^007/), code: '200' });
});

describe('POST /fetch_rtc_token', () => {
  test.each<[object, object, number[]]>([
    [{ uid: 42, channelName: 'stage', role: 1 }, { channelName: 'stage', userId: '42' }, [1, 4]],
    [{ uid: 42, ChannelName: 'stage', role: 2 }, { channelName: 'stage', userId: '42' }, [1]],
    [{ uid: 'alice', channelName: 'stage' }, { channelName: 'stage', userId: 'alice' }, [1, 4]],
    [{ uid: 'alice', channelName: 'constructor' }, { channelName: 'constructor', userId: 'alice' }, [1, 4]],
  ])('with %j gives %j the privileges %j', async (body, fields, privileges) => {
    const service = await serviceOf(open(post('/fetch_rtc_token', body)));
    expect(service).toMatchObject({ name: 'rtc', ...fields });
    expect([...(service?.privileges.keys() ?? [])]).toEqual(privileges);
  });

  test('with the role 2 narrows what the verdict grants and never widens it', async () => {
    const grant = (privileges: object) => ({ userId: 'alice', channels: [{ channelName: 'stage', privileges }] });
    const asked = { uid: 'alice', channelName: 'stage', role: 2 };
    const short = endpoint({
      guideRoutes: true,
      authorize: () => grant({ joinChannel: 60, publishAudio: 90 }) as never,
    });
    expect([...((await serviceOf(short(post('/fetch_rtc_token', asked))))?.privileges ?? [])]).toEqual([[1, 60]]);
    const none = endpoint({ guideRoutes: true, authorize: () => grant(['publishAudio']) as never });
    expect((await serviceOf(none(post('/fetch_rtc_token', asked))))?.privileges.size).toBe(0);
  });
});

describe('the text of an error stands in the place of the token:', () => {
  const parameters = 'Bad request. Please check your params.';
  test.each<[string, unknown, string]>([
    ['/fetch_rtm_token', '{', 'Bad request.'],
    ['/fetch_rtm_token', '', 'Bad request.'],
    ['/fetch_rtm_token', [], parameters],
    ['/fetch_rtm_token', {}, parameters],
    ['/fetch_rtm_token', { uid: 42 }, parameters],
    ['/fetch_rtm_token', { uid: '' }, parameters],
    ['/fetch_rtm_token', { uid: '*' }, parameters],
    ['/fetch_rtc_token', { uid: 0, channelName: 'stage', role: 1 }, parameters],
    ['/fetch_rtc_token', { uid: -1, channelName: 'stage', role: 1 }, parameters],
    ['/fetch_rtc_token', { uid: 1, channelName: '*', role: 1 }, parameters],
    ['/fetch_rtc_token', { uid: 1, channelName: '', role: 1 }, parameters],
    ['/fetch_rtc_token', { uid: 1, role: 1 }, parameters],
    ['/fetch_rtc_token', { uid: 1, channelName: 'stage', role: 3 }, parameters],
    ['/fetch_rtc_token', { uid: 1, channelName: 'stage', role: 'publisher' }, parameters],
  ])('%s with %j', async (path, body, token) => {
    expect(await wire(open(post(path, body)))).toEqual([400, { token, code: '400' }]);
  });
});

test('authorize is asked on these routes too', async () => {
  const closed = endpoint({ guideRoutes: true, authorize: () => null });
  expect(await wire(closed(post('/fetch_rtm_token', { uid: 'alice' })))).toMatchObject([401, { code: '401' }]);
});

test('nobody gets a token for somebody else, or for a channel that is not theirs', async () => {
  const alice = endpoint({ guideRoutes: true });
  const forbidden = [403, { token: expect.stringContaining('Forbidden.'), code: '403' }];
  expect(await wire(alice(post('/fetch_rtm_token', { uid: 'bob' })))).toEqual(forbidden);
  expect(await wire(alice(post('/fetch_rtc_token', { uid: 'alice', channelName: 'vault' })))).toEqual(forbidden);
});

test('a preflight is answered as by the guide’s server', async () => {
  const response = await open(new Request('http://localhost:8082/fetch_rtm_token', { method: 'OPTIONS' }));
  expect([response.status, Object.fromEntries(response.headers)]).toMatchObject([
    200,
    {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST, OPTIONS',
      'access-control-allow-headers': '*',
    },
  ]);
});

test('other origins are let in only where that is asked for', async () => {
  const response = await endpoint({ guideRoutes: true })(post('/fetch_rtm_token', { uid: 'alice' }));
  expect(response.headers.has('access-control-allow-origin')).toBe(false);
});

test('other methods are answered as by the guide’s server', async () => {
  const response = await open(new Request('http://localhost:8082/fetch_rtm_token'));
  expect([response.status, await response.text()]).toEqual([404, 'Unsupported method. Please check.\n']);
});

test('the routes are off unless asked for', async () => {
  const request = post('/fetch_rtm_token', { uid: 'alice' });
  expect(await refusalOf(await endpoint()(request))).toEqual([415, 'UNSUPPORTED_MEDIA_TYPE']);
});
