import { expect, it } from 'vitest';
import { channelCost } from '../../bench/channel-cost.js';

it('a hundred channels cost a session no more requests and timers than one', async () => {
  const { goals } = await channelCost.run();
  expect(goals.filter(({ met }) => !met)).toEqual([]);
}, 60_000);
