import { expect, it } from 'vitest';
import { manySubscriptions } from '../../bench/many-subscriptions.js';
import type { Benchmark } from '../../bench/report.js';
import { topicMessages } from '../../bench/topic-messages.js';

const missed = async (benchmark: Benchmark): Promise<string[]> => {
  const { goals } = await benchmark.run();
  return goals.filter(({ met }) => !met).map(({ text }) => text);
};

it('sixty topic messages a second go out on time beside a renewal', async () => {
  expect(await missed(topicMessages)).toEqual([]);
}, 60_000);

it('a thousand subscriptions are restored, and the app’s own calls do not wait for them', async () => {
  expect(await missed(manySubscriptions)).toEqual([]);
}, 60_000);
