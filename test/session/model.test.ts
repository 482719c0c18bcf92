import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import { live } from '../support/session-life.js';
import { type Manners, type Story, story } from '../support/session-story.js';
import { FAILED_SEEDS } from './failed-seeds.js';

beforeAll(inflateAtOnce);

/**
 * A story is one number. `STORY=fair:12345 npx vitest run test/session/model.test.ts` tells it again; one that fails is shortened and
 * printed. `npm test` tells the same ones each time, so that what fails was changed; `npm run test:soak` tells new ones for SOAK_MINUTES
 * (default 10), from STORY_SEED on.
 */
const soaking = import.meta.env.MODE === 'soak';
const soakMs = Number(process.env.SOAK_MINUTES ?? 10) * 60_000;
const firstSeed = Number(process.env.STORY_SEED ?? (soaking ? Date.now() % 2 ** 31 : 1));
const count = Number(process.env.STORIES ?? (soaking ? Number.POSITIVE_INFINITY : 2_000));
const [onlyManners, onlySeed] = process.env.STORY?.split(':') ?? [];

/** Faults that have struck, by kind. */
const struck = new Map<string, number>();

async function tell(manners: Manners, seed: number): Promise<void> {
  const property = fc.asyncProperty(story(manners), async (one: Story) => {
    const faults = await live(one);
    for (const [operation, kinds] of Object.entries(faults.calls)) {
      for (const [kind, times] of Object.entries(kinds ?? {})) strike(`${operation} ${kind}`, times);
    }
  });
  const result = await fc.check(property, { seed, numRuns: 1, endOnFailure: process.env.SHRINK === '0' });
  if (!result.failed) return;
  const [shortened] = result.counterexample ?? [];
  const cause = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  throw new Error(`STORY=${manners}:${seed} fails: ${cause}\nShortened: ${JSON.stringify(shortened)}`, {
    cause: result.errorInstance,
  });
}

function strike(kind: string, times: number): void {
  struck.set(kind, (struck.get(kind) ?? 0) + times);
}

async function tellMany(manners: Manners): Promise<number> {
  const end = Date.now() + soakMs / 2;
  let told = 0;
  while (told < count && (!soaking || Date.now() < end)) {
    await tell(manners, (firstSeed + told) % 2 ** 31);
    told += 1;
  }
  return told;
}

const TIMEOUT_MS = soaking ? soakMs + 120_000 : Math.max(400_000, count * 500);

describe.runIf(onlySeed)(`the story ${process.env.STORY}`, () => {
  it('ends well', () => tell(onlyManners as Manners, Number(onlySeed)), TIMEOUT_MS);
});

describe.skipIf(onlySeed)('whatever happens to a session', () => {
  it.each<Manners>(['fair', 'evil'])(
    'what must hold does hold, with an SDK that is %s',
    async (manners) => {
      const told = await tellMany(manners);
      if (soaking || process.env.STORIES) console.log(`${told} ${manners} stories from ${firstSeed}`);
    },
    TIMEOUT_MS,
  );

  it('every kind of fault has struck', () => {
    const kinds = new Set([...struck.keys()].map((key) => key.split(' ')[1]));
    expect([...kinds].toSorted()).toEqual(['hang', 'late', 'lateEffect', 'lost', 'odd', 'refuse', 'slow', 'throw']);
  });

  it.each(FAILED_SEEDS)('what once went wrong does not: %s %d', (manners, seed) => tell(manners, seed), TIMEOUT_MS);
});
