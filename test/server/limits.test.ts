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
    const limiter = new RateLimiterMemory({ points: 2, duration: 60 });
    const limit: Limiter = (userId) =>
      limiter.consume(userId).then(
        () => null,
        (refused: RateLimiterRes) => ({ retryAfterSeconds: refused.msBeforeNext / 1000 }),
      );
    const handlers = [endpoint({ limit }), endpoint({ limit })];
    const asked = [0, 1, 0].map((nth) => handlers[nth]?.(ask({ signaling: true })));
    const responses = await Promise.all(asked);
    expect(responses.map((response) => response?.status)).toEqual([200, 200, 429]);
    expect(Number(responses[2]?.headers.get('retry-after'))).toBeGreaterThan(50);
  });
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
    await endpoint({ onIssued })(ask({ signaling: true, channels: ['stage', 'vault'] }));
    expect(events).toEqual([
      {
        userId: 'alice',
        services: [{ service: 'rtm' }, { service: 'rtc', channelName: 'stage' }],
        issuedAt: NOW / 1000,
        expiresInSeconds: 3600,
      },
    ]);
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
