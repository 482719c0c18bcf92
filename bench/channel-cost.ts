import { setMaxListeners } from 'node:events';
import { SessionManager, type SignalingClient } from 'agora-session';
import { SignalingEmulator } from 'agora-session/emulator';
import { loadEngine } from '../src/session/load-engine.js';
import { CountingClock, CountingSource } from './counting.js';
import type { Benchmark, Report } from './report.js';
import { inflateAtOnce } from './simulation/inflate-at-once.js';
import { Scheduler } from './simulation/scheduler.js';
import { SeededRandom } from './simulation/seeded-random.js';
import { PROJECT } from './simulation/token-server.js';

// A session loads this with the first login, which virtual time cannot wait for.
await loadEngine();

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const MANY_CHANNELS = 100;

/** What 100 joined stream channels cost, against one. */
export const channelCost: Benchmark = {
  title: 'Stream channels of one session, over a day',
  async run(): Promise<Report> {
    inflateAtOnce();
    // Node warns of a leak where a hundred joins wait for one link.
    setMaxListeners(4 * MANY_CHANNELS);
    const one = await dayWithChannels(1);
    const many = await dayWithChannels(MANY_CHANNELS);
    const row = (channels: number, cost: ChannelCost): Report['rows'][number] => ({ channels, ...cost });
    return {
      rows: [row(1, one), row(MANY_CHANNELS, many)],
      goals: [
        { text: 'all channels are joined with one request', met: many['requests to join'] === 1 },
        { text: 'all channels share one timer', met: many['timers at rest'] === 1 && one['timers at rest'] === 1 },
        {
          text: 'a day takes as many requests as with one channel',
          met: many['requests a day'] <= one['requests a day'],
        },
      ],
    };
  },
};

type ChannelCost = Readonly<Record<'requests to join' | 'timers at rest' | 'requests a day', number>>;

async function dayWithChannels(count: number): Promise<ChannelCost> {
  const scheduler = new Scheduler(Date.UTC(2026, 0, 5, 9));
  const { sdk } = new SignalingEmulator({ ...PROJECT, clock: scheduler.clock, limits: { joinedStreamChannels: 1000 } });
  const source = new CountingSource(() => scheduler.clock.now());
  const clock = new CountingClock(scheduler.clock);
  const session = new SessionManager<SignalingClient>({
    appId: PROJECT.appId,
    userId: 'alice',
    tokens: source,
    loadSdk: async () => sdk,
    clock,
    random: new SeededRandom('channels').next,
  });
  await scheduler.startUp(session.login(), () => session.state.status === 'connected');
  const forLogin = source.requests;
  const joins = Array.from({ length: count }, (_, nth) => session.joinStreamChannel(`channel ${nth}`));
  await scheduler.runUntil(MINUTE_MS);
  await Promise.all(joins);
  const toJoin = source.requests - forLogin;
  const timers = clock.armed;
  await scheduler.runUntil(DAY_MS);
  return { 'requests to join': toJoin, 'timers at rest': timers, 'requests a day': source.requests };
}
