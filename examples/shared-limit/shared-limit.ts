import type { Limiter } from 'agora-session/server';
import type { Redis } from 'ioredis';
import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** One limit for all processes: 20 requests a user in a minute, counted in Redis. */
export function sharedLimit(redis: Redis): Limiter {
  const limiter = new RateLimiterRedis({ storeClient: redis, keyPrefix: 'agora-tokens', points: 20, duration: 60 });
  return async (userId) => {
    try {
      await limiter.consume(userId);
      return null;
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused; // Redis is away: answered with 500, and told to onError
      return { retryAfterSeconds: refused.msBeforeNext / 1000 };
    }
  };
}
