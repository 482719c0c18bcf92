import { browserBundle } from './browser-bundle.js';
import { channelCost } from './channel-cost.js';
import { manyChannels } from './many-channels.js';
import { manySubscriptions } from './many-subscriptions.js';
import type { Benchmark } from './report.js';
import { loginCost } from './session-cost.js';
import { tokenBuilding } from './token-building.js';
import { tokenEndpoint } from './token-endpoint.js';
import { topicMessages } from './topic-messages.js';

/** What `npm run bench` runs, in this order. */
export const BENCHMARKS: readonly Benchmark[] = [
  tokenBuilding,
  tokenEndpoint,
  loginCost,
  channelCost,
  topicMessages,
  manySubscriptions,
  manyChannels,
  browserBundle,
];
