import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Job } from './job.js';
import type { DayResult } from './simulated-day.js';

const WORKER = fileURLToPath(new URL('./day-worker.ts', import.meta.url));
/** So many that a process that is late with its last job does not keep the others waiting for long. */
const SEEDS_PER_JOB = 10;

/** Splits days into jobs. */
export function jobsOf(scenarios: readonly string[], contenders: readonly string[], seeds: readonly number[]): Job[] {
  const stretches = Array.from({ length: Math.ceil(seeds.length / SEEDS_PER_JOB) }, (_, nth) =>
    seeds.slice(nth * SEEDS_PER_JOB, (nth + 1) * SEEDS_PER_JOB),
  );
  return scenarios.flatMap((scenario) =>
    contenders.flatMap((contender) => stretches.map((stretch) => ({ scenario, contender, seeds: stretch }))),
  );
}

/** Runs jobs in as many processes as there are cores; gives the days of each job, in the order of the jobs. */
export async function runInParallel(jobs: readonly Job[], onProgress: (done: number) => void): Promise<DayResult[][]> {
  const results: DayResult[][] = [];
  const queue = [...jobs.entries()];
  let done = 0;
  const work = async (): Promise<void> => {
    const worker = fork(WORKER);
    for (let next = queue.shift(); next; next = queue.shift()) {
      const [index, job] = next;
      results[index] = await answerOf(worker, job);
      done += 1;
      onProgress(done / jobs.length);
    }
    worker.disconnect();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), jobs.length) }, work));
  return results;
}

async function answerOf(worker: ChildProcess, job: Job): Promise<DayResult[]> {
  const ended = new AbortController();
  const died = once(worker, 'exit', { signal: ended.signal }).then(() => {
    throw new Error(`A process died over "${job.scenario}" of "${job.contender}", seeds from ${job.seeds[0]}.`);
  });
  worker.send(job);
  try {
    const [days] = await Promise.race([once(worker, 'message', { signal: ended.signal }), died]);
    return days as DayResult[];
  } finally {
    died.catch(() => {});
    ended.abort();
  }
}
