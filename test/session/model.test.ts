import { beforeAll, describe, expect, it } from 'vitest';
import { inflateAtOnce } from '../support/inflate-at-once.js';
import type { Manners } from '../support/session-story.js';
import { tellStory } from '../support/tell-story.js';
import { FAILED_SEEDS } from './failed-seeds.js';

beforeAll(inflateAtOnce);

/**
 * A story is one number. `STORY=fair:12345 npx vitest run test/session/model.test.ts` tells it again; one that fails is shortened and
 * printed. `npm test` tells the same ones each time, so that what fails was changed; `npm run test:soak` tells new ones for SOAK_MINUTES
 * (default 10), from STORY_SEED on.
 */
const soakMs = Number(process.env.SOAK_MINUTES ?? 0) * 60_000;
const soaking = soakMs > 0;
const firstSeed = Number(process.env.STORY_SEED ?? (soaking ? Date.now() % 2 ** 31 : 1));
const count = Number(process.env.STORIES ?? (soaking ? Number.POSITIVE_INFINITY : 2_000));
const [onlyManners, onlySeed] = process.env.STORY?.split(':') ?? [];

/** Faults that have struck, by kind. */
const struck = new Map<string, number>();

async function tell(manners: Manners, seed: number): Promise<void> {
  for (const { calls } of await tellStory({ manners, seed })) {
    for (const [operation, kinds] of Object.entries(calls)) {
      for (const [kind, times] of Object.entries(kinds ?? {})) strike(`${operation} ${kind}`, times);
    }
  }
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
