import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { describe, expect, test, vi } from 'vitest';
import { type IssuedEvent, type Limiter, memoryLimiter } from '../../src/server/index.js';
import { ask, endpoint, NOW, refusalOf } from './ask.js';

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
