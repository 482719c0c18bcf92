import { DEFAULT_REFRESH, renewalAgeMs } from '../../src/token/refresh-schedule.js';
import { SeededRandom } from './seeded-random.js';

/** When a client renews: the age of its token, given which renewal since the login it is. */
export interface Schedule {
  readonly name: string;
  readonly renewalAgeMs: (nth: number, draw: () => number) => number;
}

/** The size of the crowd. */
export interface Crowd {
  readonly clients: number;
  /** In how long all of them log in. */
  readonly arrivalMs: number;
  readonly lifeMs: number;
  readonly dayMs: number;
}

/** What a token server has to bear, in requests per second. Logins themselves are not counted: they come when users come. */
export interface Load {
  readonly schedule: string;
  /** For each minute of the day its average. */
  readonly perMinute: readonly number[];
  /** The average of the day. */
  readonly mean: number;
  /** The busiest minute within the first three lives of a token, and after them. */
  readonly peakAtFirst: number;
  readonly peakLater: number;
  /** The busiest single second after the first three lives. Chance alone makes it larger than the busiest minute. */
  readonly peakSecondLater: number;
}

export const CROWD: Crowd = { clients: 100_000, arrivalMs: 10_000, lifeMs: 3_600_000, dayMs: 86_400_000 };

const LIVES_TO_SPREAD = 3;
const SECOND_MS = 1_000;
const SECONDS_PER_MINUTE = 60;

/** As the session does it. */
export const sessionSchedule: Schedule = {
  name: 'agora-session',
  renewalAgeMs: (nth, draw) =>
    renewalAgeMs(CROWD.lifeMs, draw(), nth === 0 ? DEFAULT_REFRESH.first : DEFAULT_REFRESH.later),
};

/** As a timer does it that is set to a minute before the token lapses. */
export const fixedLeadSchedule: Schedule = {
  name: 'a fixed lead of 60 s',
  renewalAgeMs: () => CROWD.lifeMs - 60_000,
};

/** Counts what a crowd asks for in a day. */
export function loadOf(schedule: Schedule, crowd: Crowd, seed: number): Load {
  const perSecond = requestsPerSecond(schedule, crowd, new SeededRandom(`crowd ${seed}`).next);
  const perMinute = minutes(perSecond);
  const spread = (LIVES_TO_SPREAD * crowd.lifeMs) / SECOND_MS;
  return {
    schedule: schedule.name,
    perMinute,
    mean: perSecond.reduce((sum, requests) => sum + requests, 0) / perSecond.length,
    peakAtFirst: greatest(perMinute.slice(0, spread / SECONDS_PER_MINUTE)),
    peakLater: greatest(perMinute.slice(spread / SECONDS_PER_MINUTE)),
    peakSecondLater: greatest(perSecond.slice(spread)),
  };
}

function requestsPerSecond(schedule: Schedule, crowd: Crowd, draw: () => number): Uint32Array {
  const seconds = new Uint32Array(crowd.dayMs / SECOND_MS);
  for (let client = 0; client < crowd.clients; client += 1) {
    let moment = draw() * crowd.arrivalMs;
    for (let nth = 0; ; nth += 1) {
      moment += schedule.renewalAgeMs(nth, draw);
      if (moment >= crowd.dayMs) break;
      const second = Math.floor(moment / SECOND_MS);
      seconds[second] = (seconds[second] ?? 0) + 1;
    }
  }
  return seconds;
}

function minutes(perSecond: Uint32Array): number[] {
  return Array.from({ length: perSecond.length / SECONDS_PER_MINUTE }, (_, minute) => {
    const start = minute * SECONDS_PER_MINUTE;
    const sum = perSecond.subarray(start, start + SECONDS_PER_MINUTE).reduce((total, requests) => total + requests, 0);
    return sum / SECONDS_PER_MINUTE;
  });
}

function greatest(values: Iterable<number>): number {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}
