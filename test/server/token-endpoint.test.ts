import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  allowAnyone,
  InvalidArgumentError,
  RequestRefusedError,
  type TokenHandlerOptions,
  type TokenVerdict,
  verifyAccessToken,
} from '../../src/server/index.js';
import { ask, endpoint, NOW, refusalOf } from './ask.js';
import { appCertificate, appId } from './official-tokens.js';

interface Answer {
  userId: string;
  signaling?: { token: string; expiresIn: number } | { error: { code: string } };
  channels: Record<string, { token: string; expiresIn: number; error?: { code: string } }>;
}

const verified = (token: string) => verifyAccessToken(token, { appId, appCertificate, now: NOW / 1000 });

async function answer(response: Response | Promise<Response>): Promise<Answer> {
  const settled = await response;
  expect(settled.status).toBe(200);
  return settled.json() as Promise<Answer>;
}

function channelToken(body: Answer, channelName: string) {
  return verified(body.channels[channelName]?.token ?? '').services[0];
}

afterEach(() => vi.unstubAllEnvs());

describe('an authorized caller', () => {
  test('gets a login token and a token per channel in one answer', async () => {
    const body = await answer(endpoint()(ask({ userId: 'alice', signaling: true, channels: ['stage'] })));
    expect(body).toEqual({
      userId: 'alice',
      signaling: { token: expect.any(String), expiresIn: 3600 },
      channels: { stage: { token: expect.any(String), expiresIn: 3600 } },
    });
    const login = verified(body.signaling && 'token' in body.signaling ? body.signaling.token : '');
    expect(login.services).toEqual([expect.objectContaining({ name: 'rtm', userId: 'alice' })]);
    expect(login).toMatchObject({ issuedAt: NOW / 1000, expiresInSeconds: 3600 });
    expect(channelToken(body, 'stage')).toMatchObject({ name: 'rtc', channelName: 'stage', userId: 'alice' });
  });

  test('may do in a channel what a stream channel needs, and no more', async () => {
    const body = await answer(endpoint()(ask({ channels: ['stage'] })));
    expect([...(channelToken(body, 'stage')?.privileges.keys() ?? [])]).toEqual([1, 4]);
    expect(body).not.toHaveProperty('signaling');
  });

  test.each<[object, number[]]>([
    [{ role: 'publisher' }, [1, 2, 3, 4]],
    [{ role: 'subscriber' }, [1]],
    [{ privileges: ['joinChannel', 'publishAudio'] }, [1, 2]],
    [{}, [1, 4]],
  ])('may do in a channel what the verdict says: %j', async (grant, privileges) => {
    const authorize = () => ({ userId: 'alice', channels: [{ channelName: 'stage', ...grant }] });
    const body = await answer(endpoint({ authorize })(ask({ channels: ['stage'] })));
    expect([...(channelToken(body, 'stage')?.privileges.keys() ?? [])]).toEqual(privileges);
  });

  test('is told of the shortest privilege of a channel token', async () => {
    const privileges = { joinChannel: 60, publishDataStream: 0 };
    const authorize = () => ({ userId: 'alice', channels: [{ channelName: 'stage', privileges }] });
    expect((await answer(endpoint({ authorize })(ask({ channels: ['stage'] })))).channels.stage?.expiresIn).toBe(60);
  });

  test('is who the verdict says, whatever the body says', async () => {
    const body = await answer(endpoint()(ask({ userId: 'mallory', channels: ['stage'] })));
    expect(body.userId).toBe('alice');
    expect(channelToken(body, 'stage')).toMatchObject({ userId: 'alice' });
  });

  test('is refused singly what the verdict does not list, and given the rest', async () => {
    const body = await answer(endpoint()(ask({ signaling: true, channels: ['vault', 'stage'] })));
    expect(body.channels.vault).toEqual({ error: { code: 'FORBIDDEN', message: expect.any(String) } });
    expect(body.channels.stage?.token).toMatch(/^007/);
  });

  test('is refused the login where the verdict says so', async () => {
    const authorize = () => ({ userId: 'alice', signaling: false });
    const body = await answer(endpoint({ authorize })(ask({ signaling: true })));
    expect(body.signaling).toMatchObject({ error: { code: 'FORBIDDEN' } });
  });

  test('gets nothing that was not asked for', async () => {
    const authorize = () => ({ userId: 'alice', signaling: true, channels: ['stage', 'backstage'] });
    const body = await answer(endpoint({ authorize })(ask({ channels: ['stage'] })));
    expect(Object.keys(body)).toEqual(['userId', 'channels']);
    expect(Object.keys(body.channels)).toEqual(['stage']);
  });

  test('gets a channel named twice once', async () => {
    const body = await answer(endpoint()(ask({ channels: ['stage', 'stage'] })));
    expect(Object.keys(body.channels)).toEqual(['stage']);
  });

  test.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])('may use the channel "%s"', async (name) => {
    const authorize = () => ({ userId: name, channels: [name] });
    const body = await answer(endpoint({ authorize })(ask({ userId: name, channels: [name] })));
    expect(channelToken(body, name)).toMatchObject({ channelName: name, userId: name });
    const without = await answer(endpoint({ authorize: () => ({ userId: 'alice' }) })(ask({ channels: [name] })));
    expect(without.channels[name]?.error?.code).toBe('FORBIDDEN');
  });

  test('gets tokens of the life that the verdict sets, else of the endpoint’s', async () => {
    const life = async (options: Partial<TokenHandlerOptions>) => {
      const { signaling } = await answer(endpoint(options)(ask({ signaling: true })));
      return signaling && 'token' in signaling ? [signaling.expiresIn, verified(signaling.token).expiresInSeconds] : [];
    };
    expect(await life({ expiresInSeconds: 90 })).toEqual([90, 90]);
    const authorize = () => ({ userId: 'alice', expiresInSeconds: 30 });
    expect(await life({ expiresInSeconds: 90, authorize })).toEqual([30, 30]);
  });
});

describe('a request is refused', () => {
  const channels = Array.from({ length: 101 }, (_, nth) => `channel-${nth}`);
  test.each<[string, number, string, unknown, RequestInit?]>([
    ['with another method', 405, 'METHOD_NOT_ALLOWED', undefined, { method: 'GET' }],
    [
      'without a content type of JSON',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
      {},
      { headers: { 'content-type': 'text/plain' } },
    ],
    ['as a form', 415, 'UNSUPPORTED_MEDIA_TYPE', {}, { headers: { 'content-type': 'multipart/form-data' } }],
    ['when it is no JSON', 400, 'INVALID_JSON', '{'],
    ['when it is empty', 400, 'INVALID_JSON', ''],
    ['when it is a list', 400, 'INVALID_REQUEST', []],
    ['when it is null', 400, 'INVALID_REQUEST', 'null'],
    ['when it asks for nothing', 400, 'INVALID_REQUEST', { userId: 'alice' }],
    ['with a number as user ID', 400, 'INVALID_REQUEST', { userId: 0, signaling: true }],
    ['with the wildcard "" as user ID', 400, 'INVALID_REQUEST', { userId: '', signaling: true }],
    ['with the wildcard "*" as user ID', 400, 'INVALID_REQUEST', { userId: '*', signaling: true }],
    ['with the wildcard "*" as channel', 400, 'INVALID_REQUEST', { channels: ['*'] }],
    ['with an empty channel name', 400, 'INVALID_REQUEST', { channels: ['stage', ''] }],
    ['with the channel "__proto__", which the SDK refuses', 400, 'INVALID_REQUEST', { channels: ['__proto__'] }],
    ['with channels that are no list', 400, 'INVALID_REQUEST', { channels: { length: 1, 0: 'stage' } }],
    ['with a text for signaling', 400, 'INVALID_REQUEST', { signaling: 'true' }],
    ['with fields it only inherits', 400, 'INVALID_REQUEST', '{"__proto__": {"signaling": true}}'],
    ['with 101 channels', 400, 'TOO_MANY_CHANNELS', { channels }],
    ['with more than 16 kB', 413, 'BODY_TOO_LARGE', `{"signaling":true,"pad":"${'x'.repeat(16_384)}"}`],
    ['with nesting and nothing else', 400, 'INVALID_JSON', '['.repeat(16_000)],
  ])('%s', async (_, status, code, body, init) => {
    const authorize = vi.fn();
    const request = body === undefined ? new Request('https://backend.example/', init) : ask(body, init);
    expect(await refusalOf(await endpoint({ authorize })(request))).toEqual([status, code]);
    expect(authorize).not.toHaveBeenCalled();
  });

  test('with a body that is not UTF-8', async () => {
    const body = new Uint8Array([...Buffer.from('{"userId":"'), 0xff, ...Buffer.from('","signaling":true}')]);
    const request = ask('', { body });
    expect(await refusalOf(await endpoint()(request))).toEqual([400, 'INVALID_JSON']);
  });

  test('as soon as a stream of unknown length grows past 16 kB', async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024).fill(0x20));
      },
    });
    const request = ask('', { body, duplex: 'half' } as RequestInit);
    expect(await refusalOf(await endpoint()(request))).toEqual([413, 'BODY_TOO_LARGE']);
    expect(pulled).toBeLessThan(25);
  });

  test('when its body takes too long', async () => {
    const body = new ReadableStream<Uint8Array>({ start: (controller) => controller.enqueue(Buffer.from('{')) });
    const request = ask('', { body, duplex: 'half' } as RequestInit);
    expect(await refusalOf(await endpoint({ bodyTimeoutMs: 5 })(request))).toEqual([408, 'BODY_TIMEOUT']);
  });

  test('when nobody knows the caller', async () => {
    expect(await refusalOf(await endpoint({ authorize: () => null })(ask({ signaling: true })))).toEqual([
      401,
      'UNAUTHORIZED',
    ]);
  });

  test('as authorize says with an error of its own', async () => {
    const authorize = () => Promise.reject(new RequestRefusedError(403, 'BANNED', 'You were shown the door.'));
    const response = await endpoint({ authorize })(ask({ signaling: true }));
    expect([response.status, await response.json()]).toEqual([
      403,
      { error: { code: 'BANNED', message: 'You were shown the door.' } },
    ]);
  });

  test('without a word about why when authorize breaks, which onError is told', async () => {
    const onError = vi.fn();
    const authorize = () => {
      throw new Error('password of the database: hunter2');
    };
    const response = await endpoint({ authorize, onError })(ask({ signaling: true }));
    const text = await response.text();
    expect(response.status).toBe(500);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'INTERNAL' } });
    expect(text).not.toContain('hunter2');
    expect(onError).toHaveBeenCalledWith(expect.objectContaining({ message: expect.stringContaining('hunter2') }));
  });

  test('with the headers of an error of its own, but for what keeps answers out of caches', async () => {
    const error = new RequestRefusedError(503, 'BUSY', 'Later.', {
      'Retry-After': '7',
      Vary: 'Cookie',
      'Cache-Control': 'public, max-age=60',
    });
    const handler = endpoint({ authorize: () => Promise.reject(error), cors: { origins: ['https://app.example'] } });
    const { headers } = await handler(ask({ signaling: true }));
    expect(Object.fromEntries(headers)).toMatchObject({
      'retry-after': '7',
      vary: 'Cookie, Origin',
      'cache-control': 'no-store',
    });
  });

  test.each([
    ['a value outside Latin-1', { 'retry-after': '€' }],
    ['a line break', { 'retry-after': '5\nset-cookie: a=b' }],
    ['a name with a space', { 'retry after': '5' }],
  ])('never with %s in a header', (_name, headers) => {
    expect(() => new RequestRefusedError(503, 'BUSY', 'Later.', headers)).toThrow(
      expect.objectContaining({ argument: 'headers' }),
    );
  });

  test.each<[string, () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('The log is full.');
      },
    ],
    ['rejects', () => Promise.reject(new Error('The log is full.'))],
  ])('the same when onError %s, which the console is told', async (_name, onError) => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const authorize = () => Promise.reject(new Error('out of order'));
    expect(await refusalOf(await endpoint({ authorize, onError })(ask({ signaling: true })))).toEqual([
      500,
      'INTERNAL',
    ]);
    expect(log.mock.calls.flat().join()).toContain('The log is full.');
  });

  test('and the console hears where it went wrong, without what else the error carries', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {});
    const failed = Object.assign(new Error('Request failed with status code 502'), {
      config: { headers: { authorization: 'Bearer s3cret' } },
    });
    const authorize = () => Promise.reject(new Error('The users cannot be asked.', { cause: failed }));
    await endpoint({ authorize })(ask({ signaling: true }));
    const logged = log.mock.calls.map((told) => inspect(told)).join();
    expect(logged).toContain('The users cannot be asked.');
    expect(logged).toContain('status code 502');
    expect(logged).toContain('token-endpoint.test.ts');
    expect(logged).not.toContain('s3cret');
  });

  test.each<[string, unknown]>([
    ['has no user', {}],
    ['has the wildcard user', { userId: '' }],
    ['is not an object', true],
    ['has an absolute time as life', { userId: 'alice', expiresInSeconds: 1_767_225_600 }],
    ['has a role that does not exist', { userId: 'alice', channels: [{ channelName: 'stage', role: 'host' }] }],
    ['has no list of channels', { userId: 'alice', channels: 'stage' }],
    ['lists no channel', { userId: 'alice', channels: [null] }],
    ['lists a number', { userId: 'alice', channels: [5] }],
    // biome-ignore lint/suspicious/noSparseArray: that is the mistake.
    ['has a list with a hole', { userId: 'alice', channels: [, 'stage'] }],
  ])('with 500 when the verdict %s', async (_, verdict) => {
    const onError = vi.fn();
    const response = await endpoint({ authorize: () => verdict as TokenVerdict, onError })(
      ask({ channels: ['stage'] }),
    );
    expect(await refusalOf(response)).toEqual([500, 'INTERNAL']);
    expect(onError).toHaveBeenCalledWith(expect.any(InvalidArgumentError));
  });
});

describe('an endpoint is not made', () => {
  test.each<[string, object]>([
    ['authorize', { authorize: undefined }],
    ['appId', { appId: '' }],
    ['appCertificate', { appCertificate: 'secret' }],
    ['expiresInSeconds', { expiresInSeconds: 100_000 }],
    ['bodyTimeoutMs', { bodyTimeoutMs: 0 }],
    ['cors', { cors: true }],
    ['cors', { cors: ['https://app.example'] }],
    ['cors.origins', { cors: {} }],
    ['limitUnrecognised', { limitUnrecognised: null }],
    ['limitUnrecognised', { limitUnrecognised: () => null }],
    ['cors.origins', { cors: { origins: 'https://app.example' } }],
    ['limit', { limit: {} }],
    ['onIssued', { onIssued: 5 }],
    ['onError', { onError: 'console' }],
    ['now', { now: 3 }],
  ])('with a wrong %s', (argument, options) => {
    expect(() => endpoint(options)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT', argument }));
  });

  test('in production with allowAnyone, however it is wrapped', async () => {
    vi.stubEnv('NODE_ENV', 'production');
    expect(() => endpoint({ authorize: allowAnyone })).toThrow(/NODE_ENV=production/);
    const wrapped = endpoint({ authorize: (request, asked) => allowAnyone(request, asked), onError: () => {} });
    expect(await refusalOf(await wrapped(ask({ userId: 'alice', signaling: true })))).toEqual([500, 'INTERNAL']);
  });

  test('in production with the guide’s routes open to any origin', () => {
    vi.stubEnv('NODE_ENV', 'production');
    expect(() => endpoint({ guideRoutes: { anyOrigin: true } })).toThrow(
      expect.objectContaining({ argument: 'guideRoutes.anyOrigin' }),
    );
  });
});

test('allowAnyone gives whoever says who they are what they ask', async () => {
  const handler = endpoint({ authorize: allowAnyone });
  const body = await answer(handler(ask({ userId: 'bob', signaling: true, channels: ['stage', 'vault'] })));
  expect([body.userId, ...Object.keys(body.channels)]).toEqual(['bob', 'stage', 'vault']);
  expect(await refusalOf(await handler(ask({ signaling: true })))).toEqual([401, 'UNAUTHORIZED']);
});

test('a certificate that changes is used at once', async () => {
  const certificates = [appCertificate, 'b'.repeat(32)];
  const handler = endpoint({ appCertificate: async () => certificates.shift() ?? '' });
  for (const certificate of [...certificates]) {
    const { signaling } = await answer(handler(ask({ signaling: true })));
    const token = signaling && 'token' in signaling ? signaling.token : '';
    expect(verifyAccessToken(token, { appId, appCertificate: certificate, now: NOW / 1000 }).appId).toBe(appId);
  }
});

test('requests at the same time do not get each other’s tokens', async () => {
  // All requests are held until the last has come, and then go on in the opposite order.
  const held: (() => void)[] = [];
  const handler = endpoint({
    authorize: async (_request, asked) => {
      await new Promise<void>((resolve) => {
        if (held.push(resolve) === 100) for (const release of held.reverse()) release();
      });
      return { userId: asked.userId ?? '' };
    },
  });
  const users = Array.from({ length: 100 }, (_, nth) => `user-${nth}`);
  const bodies = await Promise.all(users.map((userId) => answer(handler(ask({ userId, signaling: true })))));
  const owners = bodies.map(({ signaling }) => {
    const [service] = verified(signaling && 'token' in signaling ? signaling.token : '').services;
    return service && 'userId' in service ? service.userId : null;
  });
  expect(owners).toEqual(users);
});
