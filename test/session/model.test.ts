import fc from 'fast-check';
import { beforeAll, describe, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { live } from '../support/session-life.js';
import { story } from '../support/session-story.js';

beforeAll(inflateAtOnce);

/** `npm run test:soak` tells stories for SOAK_MINUTES (default 10); fast-check prints the seed of one that fails. */
const soaking = import.meta.env.MODE === 'soak';
const soakMs = Number(process.env.SOAK_MINUTES ?? 10) * 60_000;
const seed = Number(process.env.MODEL_SEED ?? Date.now() % 2 ** 31);
const runs = soaking
  ? { numRuns: 1e9, interruptAfterTimeLimit: soakMs, markInterruptAsFailure: false }
  : { numRuns: 2_000 };

describe('whatever happens to a session', () => {
  it(
    soaking ? `what must hold does hold, for ${soakMs / 60_000} minutes` : 'what must hold does hold, in 2,000 stories',
    async () => {
      let lived = 0;
      const property = fc.asyncProperty(story, async (one) => {
        lived += 1;
        await live(one);
      });
      await fc.assert(property, { seed, ...runs });
      if (soaking) console.log(`${lived} stories from seed ${seed}`);
    },
    soaking ? soakMs + 120_000 : 300_000,
  );
});
