import { setMaxListeners } from 'node:events';
import { CONTENDERS } from './contenders.js';
import { inflateAtOnce } from './inflate-at-once.js';
import { SCENARIOS } from './scenarios.js';
import { type DayResult, simulateDay } from './simulated-day.js';

/** A stretch of seeds of one scenario and contender, by name, so that it can be sent to another process. */
export interface Job {
  readonly scenario: string;
  readonly contender: string;
  readonly seeds: readonly number[];
}

/** Simulates a job's days, one after the other. */
export async function runJob(job: Job): Promise<DayResult[]> {
  inflateAtOnce();
  // Six renewals and five joins that wait for one link are no leak.
  setMaxListeners(50);
  const scenario = SCENARIOS.find(({ name }) => name === job.scenario);
  const contender = CONTENDERS.find(({ name }) => name === job.contender);
  if (!scenario || !contender) throw new TypeError(`There is no "${job.scenario}" of "${job.contender}".`);
  const days: DayResult[] = [];
  for (const seed of job.seeds) days.push(await simulateDay(scenario, seed, contender));
  return days;
}
