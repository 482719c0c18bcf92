import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type IssuedEvent,
  type Limiter,
  memoryLimiter,
  RequestRefusedError,
  type TokenHandlerOptions,
  toNodeListener,
} from '../../src/server/index.js';
import { ask, endpoint, NOW, refusalOf } from './ask.js';
import { serve } from './serve.js';

describe('a limit', () => {
  test('holds back the user of the verdict, with the seconds to wait', async () => {
    let now = NOW;
    const handler = endpoint({ limit: memoryLimiter({ requests: 2, perSeconds: 10, now: () => now }) });
    const status = async () => (await handler(ask({ userId: `guest-${now}`, signaling: true }))).status;
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    now += 2_500;
    const refused = await handler(ask({ signaling: true }));
    expect(refused.headers.get('retry-after')).toBe('8');
    expect(await refusalOf(refused)).toEqual([429, 'RATE_LIMITED']);
    now += 7_500;
    expect(await status()).toBe(200);
  });

  test('may be a limiter of rate-limiter-flexible, in whose stores several processes count together', async () => {
    const limit = sharedLimit(new RateLimiterMemory({ points: 2, duration: 60 }));
    const handlers = [endpoint({ limit }), endpoint({ limit })];
    const asked = [0, 1, 0].map((nth) => handlers[nth]?.(ask({ signaling: true })));
    const responses = await Promise.all(asked);
    expect(responses.map((response) => response?.status)).toEqual([200, 200, 429]);
    expect(Number(responses[2]?.headers.get('retry-after'))).toBeGreaterThan(50);
  });

  test('whose store fails gives no token, and the server’s log learns why', async () => {
    const onError = vi.fn();
    const failure = new Error('connect ECONNREFUSED');
    const limit = sharedLimit({ consume: () => Promise.reject(failure) });
    expect(await refusalOf(await endpoint({ limit, onError })(ask({ signaling: true })))).toEqual([500, 'INTERNAL']);
    expect(onError).toHaveBeenCalledExactlyOnceWith(failure);
  });

  test.each([
    ['false', false],
    ['0', 0],
    ['an empty text', ''],
    ['true', true],
    ['an object of something else', { remainingPoints: 3 }],
    ['NaN', { retryAfterSeconds: Number.NaN }],
    ['for ever', { retryAfterSeconds: Number.POSITIVE_INFINITY }],
    ['a text', { retryAfterSeconds: '5' }],
    ['a time before now', { retryAfterSeconds: -1 }],
  ])('that answers %s lets nobody pass, and the server’s log learns why', async (_name, verdict) => {
    const onError = vi.fn();
    const limit = (() => verdict) as unknown as Limiter;
    expect(await refusalOf(await endpoint({ limit, onError })(ask({ signaling: true })))).toEqual([500, 'INTERNAL']);
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ argument: 'limit' }));
  });
});

/** As the documentation of `Limiter` has it. */
function sharedLimit(limiter: { consume(userId: string): Promise<unknown> }): Limiter {
  return async (userId) => {
    try {
      await limiter.consume(userId);
      return null;
    } catch (refused) {
      if (refused instanceof Error) throw refused;
      return { retryAfterSeconds: (refused as RateLimiterRes).msBeforeNext / 1000 };
    }
  };
}

test('a clock that is set back holds nobody longer than a window', () => {
  let now = NOW;
  const limit = memoryLimiter({ requests: 1, perSeconds: 10, now: () => now });
  const passes = () => limit('__proto__', ask({})) === null;
  expect([passes(), passes()]).toEqual([true, false]);
  now -= 3_600_000;
  expect([passes(), passes()]).toEqual([true, false]);
});

test('a limiter in memory counts each user alone and forgets the oldest beyond its size', () => {
  const limit = memoryLimiter({ requests: 1, perSeconds: 60, maxUsers: 2, now: () => NOW });
  const request = ask({});
  const passes = (userId: string) => limit(userId, request) === null;
  expect([passes('a'), passes('a'), passes('b'), passes('b')]).toEqual([true, false, true, false]);
  expect([passes('c'), passes('b'), passes('a')]).toEqual([true, false, true]);
});

describe('a limiter in memory under a crowd of others', () => {
  const request = ask({});
  const crowd = Array.from({ length: 50 }, (_, nth) => `guest-${nth}`);

  test('does not forget who has to wait before who has not', () => {
    let now = NOW;
    const limit = memoryLimiter({ requests: 2, perSeconds: 60, maxUsers: 3, now: () => now });
    const passes = (userId: string) => limit(userId, request) === null;
    for (const userId of ['a', 'b', 'a', 'b']) passes(userId);
    for (const userId of crowd) expect(passes(userId)).toBe(true);
    expect([passes('a'), passes('b')]).toEqual([false, false]);
    now += 60_000;
    expect([passes('a'), passes('b')]).toEqual([true, true]);
  });

  test('not even where all that it can keep in mind have to wait', () => {
    const limit = memoryLimiter({ requests: 2, perSeconds: 60, maxUsers: 2, now: () => NOW });
    const passes = (userId: string) => limit(userId, request) === null;
    for (const userId of ['a', 'b', 'a', 'b', ...crowd]) passes(userId);
    expect([passes('a'), passes('b')]).toEqual([false, false]);
  });

  test('keeps nobody in mind whose wait is over while others come', () => {
    let now = NOW;
    const limit = memoryLimiter({ requests: 2, perSeconds: 60, maxUsers: 2, now: () => now });
    const passes = (userId: string) => limit(userId, request) === null;
    for (const userId of ['a', 'b', 'a', 'b']) passes(userId);
    now += 60_000;
    expect([passes('c'), passes('d'), passes('c'), passes('c'), passes('d'), passes('d')]).toEqual([
      true,
      true,
      true,
      false,
      true,
      false,
    ]);
  });
});

describe('callers who are not recognised', () => {
  const known = (request: Request) => request.headers.get('cookie') === 'alice';
  const authorize = vi.fn((request: Request) => (known(request) ? { userId: 'alice' } : null));
  const addressOf = (request: Request) => request.headers.get('x-address') ?? '';
  const from = (address: string, cookie = '') =>
    ask({ signaling: true }, { headers: { 'x-address': address, cookie } });
  const limited = (options: object = {}) => {
    let now = NOW;
    const limit = memoryLimiter({ requests: 2, perSeconds: 60, now: () => now });
    const handler = endpoint({ authorize, now: () => now, limitUnrecognised: { limit, addressOf }, ...options });
    return {
      statusOf: async (...who: Parameters<typeof from>) => (await handler(from(...who))).status,
      pass: (ms: number) => (now += ms),
    };
  };

  beforeEach(() => void authorize.mockClear());

  test('are not limited by default', async () => {
    const handler = endpoint({ authorize });
    for (let nth = 0; nth < 50; nth += 1) expect((await handler(from('203.0.113.7'))).status).toBe(401);
  });

  test('are held back by address, without asking authorize, until the time is over', async () => {
    const { statusOf, pass } = limited();
    const statuses: number[] = [];
    for (let nth = 0; nth < 5; nth += 1) statuses.push(await statusOf('203.0.113.7'));
    expect([statuses, authorize.mock.calls.length]).toEqual([[401, 401, 429, 429, 429], 3]);
    expect(await statusOf('203.0.113.8')).toBe(401);
    pass(60_000);
    expect(await statusOf('203.0.113.7')).toBe(401);
  });

  test('are told when to ask again', async () => {
    const limit = () => ({ retryAfterSeconds: 30 });
    const handler = endpoint({ authorize, limitUnrecognised: { limit, addressOf }, now: () => NOW });
    for (let nth = 0; nth < 2; nth += 1) {
      const response = await handler(from('203.0.113.7'));
      expect([response.headers.get('retry-after'), ...(await refusalOf(response))]).toEqual([
        '30',
        429,
        'RATE_LIMITED',
      ]);
    }
  });

  test('are those whom authorize answers with 401 in any way', async () => {
    const { statusOf } = limited({ authorize: () => Promise.reject(new Response(null, { status: 401 })) });
    expect([await statusOf('a'), await statusOf('a'), await statusOf('a')]).toEqual([401, 401, 429]);
  });

  test('are not those whom it recognises, denies, or fails over', async () => {
    const limit = vi.fn(() => null);
    const with_ = (authorize: TokenHandlerOptions['authorize']) =>
      endpoint({ authorize, onError: () => {}, limitUnrecognised: { limit, addressOf } })(from('a', 'alice'));
    await with_(() => ({ userId: 'alice' }));
    await with_(() => Promise.reject(new RequestRefusedError(403, 'BANNED', 'No.')));
    await with_(() => Promise.reject(new Error('out of order')));
    expect(limit).not.toHaveBeenCalled();
  });

  test.each([
    [['203.0.113.7', '::ffff:203.0.113.7'], true],
    [['203.0.113.7', '203.0.113.8'], false],
    [['203.0.113.7:1111', '203.0.113.7:2222'], true],
    [['[2001:db8::1]:1111', '2001:db8::2'], true],
    [['::ffff:203.0.113.7', '::ffff:203.0.113.8'], false],
    [['a name', 'another name'], false],
    [['2001:db8::1', '2001:db8:0:0:ffff::9'], true],
    [['2001:0DB8::1', '2001:db8::2'], true],
    [['2001:db8::1', '2001:db8:0:1::1'], false],
    [['fe80::1%eth0', 'fe80::2%eth1'], true],
    [['::1', '::2'], true],
    [['64:ff9b::203.0.113.7', '64:ff9b::203.0.113.8'], true],
  ])('share a limit when they are of one network: %j, %s', async ([one = '', other = ''], shared) => {
    const { statusOf } = limited();
    for (let nth = 0; nth < 3; nth += 1) await statusOf(one);
    expect(await statusOf(other)).toBe(shared ? 429 : 401);
  });

  test('are known by the address of their connection over node:http', async () => {
    const limit = vi.fn<Limiter>(() => null);
    const port = await serve(toNodeListener(endpoint({ authorize, limitUnrecognised: { limit } })));
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"signaling":true}' };
    expect((await fetch(`http://127.0.0.1:${port}/`, init)).status).toBe(401);
    expect(limit).toHaveBeenCalledExactlyOnceWith('127.0.0.1', expect.any(Request));
  });

  test.each<[string, object]>([
    ['is not given where the runtime does not tell it', { limit: () => null }],
    ['is none', { limit: () => null, addressOf: () => undefined }],
  ])('get no token where their address %s, and the server’s log learns why', async (_name, limitUnrecognised) => {
    const onError = vi.fn();
    const handler = endpoint({ onError, limitUnrecognised: limitUnrecognised as never });
    expect(await refusalOf(await handler(ask({ signaling: true })))).toEqual([500, 'INTERNAL']);
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ argument: 'limitUnrecognised.addressOf' }),
    );
  });

  test.each(['limit', 'addressOf'])('cannot be limited with a %s that is no function', (name) => {
    const limitUnrecognised = { limit: () => null, [name]: 5 };
    expect(() => endpoint({ limitUnrecognised } as never)).toThrow(
      expect.objectContaining({ argument: `limitUnrecognised.${name}` }),
    );
  });
});

describe('an audit', () => {
  test('hears who got what, and never a token', async () => {
    const events: IssuedEvent[] = [];
    const onIssued = (event: IssuedEvent) => void events.push(event);
    const authorize = () => ({
      userId: 'alice',
      channels: [{ channelName: 'stage', privileges: { joinChannel: 60 } }],
    });
    await endpoint({ onIssued, authorize })(ask({ signaling: true, channels: ['stage', 'vault'] }));
    expect(events).toEqual([
      {
        userId: 'alice',
        services: [
          { service: 'rtm', expiresInSeconds: 3600 },
          { service: 'rtc', channelName: 'stage', expiresInSeconds: 60 },
        ],
        issuedAt: NOW / 1000,
      },
    ]);
  });

  test('hears of no token that is for another user than the guide’s client asked for', async () => {
    const onIssued = vi.fn();
    const handler = endpoint({ guideRoutes: true, onIssued });
    for (const [path, body] of Object.entries({
      fetch_rtm_token: { uid: 'bob' },
      fetch_rtc_token: { uid: 'bob', channelName: 'stage', role: 1 },
    })) {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      expect((await handler(new Request(`https://backend.example/${path}`, init))).status).toBe(403);
    }
    expect(onIssued).not.toHaveBeenCalled();
  });

  test('hears nothing when nothing was given', async () => {
    const onIssued = vi.fn();
    await endpoint({ onIssued })(ask({ channels: ['vault'] }));
    expect(onIssued).not.toHaveBeenCalled();
  });

  test('that fails keeps the tokens back', async () => {
    const onIssued = () => Promise.reject(new Error('The disk is full.'));
    const response = await endpoint({ onIssued, onError: () => {} })(ask({ signaling: true }));
    expect(await refusalOf(response)).toEqual([500, 'INTERNAL']);
  });
});
