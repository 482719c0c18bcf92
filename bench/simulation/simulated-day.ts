import { SignalingEmulator } from 'agora-session/emulator';
import { loadEngine } from '../../src/session/load-engine.js';
import { createClientClock } from './client-clock.js';
import type { Contender, Page } from './contender.js';
import { FaultSchedule } from './faults.js';
import { type Lapse, lapseOf, leastWithoutToken } from './lapse.js';
import { LinkRecord } from './link-record.js';
import { DAY_MS, type Scenario } from './scenarios.js';
import { Scheduler } from './scheduler.js';
import { SeededRandom } from './seeded-random.js';
import { LIFE_SECONDS, PROJECT, SimulatedTokenServer } from './token-server.js';

// A session loads this with the first login, which virtual time cannot wait for.
await loadEngine();

/** What became of one session in one day. */
export interface DayResult {
  readonly seed: number;
  readonly login: Lapse;
  readonly channels: readonly Lapse[];
  /** What `noToken` could not have been less than, milliseconds. */
  readonly leastNoToken: number;
  readonly requests: number;
  readonly failedLogins: number;
  /** At the day's end, a quarter of an hour after the last fault, the login or a channel is not back. */
  readonly dead: boolean;
}

const NINE_O_CLOCK = Date.UTC(2026, 0, 5, 9);
const USER = 'alice';
/** Everybody is logged in and in all channels by then; the accounts begin. */
const SETTLED_MS = 5_000;

/** The stream channels that every session is in. */
const CHANNELS = ['stage', 'backstage', 'questions', 'whiteboard', 'captions'] as const;

/** Simulates one session. The same scenario and seed give the same faults to every contender. */
export async function simulateDay(scenario: Scenario, seed: number, contender: Contender): Promise<DayResult> {
  const faults = new FaultSchedule(scenario.draw(new SeededRandom(`${scenario.name} ${seed}`)));
  const scheduler = new Scheduler(NINE_O_CLOCK);
  const clock = createClientClock(scheduler, faults);
  const emulator = new SignalingEmulator({ ...PROJECT, clock: scheduler.clock, clientClock: clock });
  const server = new SimulatedTokenServer(scheduler, faults);
  const links = new LinkRecord(scheduler);
  const wake = arrangeFaults(scheduler, faults, emulator);
  const page: Page = {
    appId: PROJECT.appId,
    userId: USER,
    channels: CHANNELS,
    tokenUrl: 'https://app.example/tokens',
    fetch: server.fetch,
    sdk: links.watch(emulator.openPage()),
    clock,
    random: new SeededRandom(`${scenario.name} ${seed} ${contender.name}`).next,
    wake,
  };
  await scheduler.startUp(contender.start(page), () => server.requests > 0);
  await scheduler.runUntil(DAY_MS);
  return { seed, ...resultOf(links, server, faults) };
}

/** Makes the network come and go; returns the page's sign of that. */
function arrangeFaults(scheduler: Scheduler, faults: FaultSchedule, emulator: SignalingEmulator): Page['wake'] {
  const listeners = new Set<() => void>();
  for (const cut of faults.disconnected) {
    scheduler.at(cut.from, () => emulator.setNetwork(USER, false));
    scheduler.at(cut.to, () => {
      emulator.setNetwork(USER, true);
      if (faults.isNoticed(cut)) for (const listener of [...listeners]) listener();
    });
  }
  return (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
}

function resultOf(links: LinkRecord, server: SimulatedTokenServer, faults: FaultSchedule): Omit<DayResult, 'seed'> {
  const lapse = (channelName: string | null): Lapse =>
    lapseOf({
      channelName,
      changes: links.changes,
      deliveries: server.deliveries,
      faults,
      from: SETTLED_MS,
      to: DAY_MS,
    });
  const isUp = (channelName: string | null): boolean =>
    links.changes.findLast((change) => change.channelName === channelName)?.state === 'CONNECTED';
  return {
    login: lapse(null),
    channels: CHANNELS.map(lapse),
    leastNoToken: leastWithoutToken(faults, LIFE_SECONDS * 1_000),
    requests: server.requests,
    failedLogins: links.failedLogins,
    dead: ![null, ...CHANNELS].every(isUp),
  };
}
