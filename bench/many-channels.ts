import type { Benchmark, Report } from './report.js';
import { SYNTHETIC, SyntheticSession } from './synthetic/synthetic-session.js';

const CHANNELS = 1_000;
const RUNS = 3;
const PATIENCE_MS = 300_000;
/** What a browser calls a long task. */
const MOST_TASK_MS = 50;

interface Phase {
  readonly phase: string;
  readonly joined: number;
  readonly seconds: number;
  readonly requests: number;
  readonly taskMs: readonly number[];
}

/** What a thousand stream channels cost a page, in the time for which it cannot do anything else. */
export const manyChannels: Benchmark = {
  title: `${CHANNELS.toLocaleString('en')} stream channels joined and lost, each task in the best of ${RUNS} runs (${SYNTHETIC})`,
  async run(): Promise<Report> {
    const runs: Phase[][] = [];
    while (runs.length < RUNS) runs.push(await joinAndLose());
    const phases = best(runs);
    const longest = Math.max(...phases.flatMap(({ taskMs }) => taskMs));
    return {
      rows: phases.map(({ phase, joined, seconds, requests, taskMs }) => ({
        phase,
        joined,
        s: seconds,
        'token requests': requests,
        tasks: taskMs.length,
        'longest task, real ms': Number(Math.max(...taskMs).toFixed(1)),
      })),
      goals: [
        { text: 'all channels are joined, each time', met: phases.every(({ joined }) => joined === CHANNELS) },
        { text: `no task is longer than ${MOST_TASK_MS} ms`, met: longest <= MOST_TASK_MS },
      ],
    };
  },
};

/** Every run does the same, task by task: where one took longer than in another run, the machine did something else. */
function best(runs: readonly (readonly Phase[])[]): Phase[] {
  const [first = []] = runs;
  return first.map((phase, nth) => ({
    ...phase,
    taskMs: phase.taskMs.map((_, task) =>
      Math.min(...runs.map((run) => run[nth]?.taskMs[task] ?? Number.POSITIVE_INFINITY)),
    ),
  }));
}

async function joinAndLose(): Promise<Phase[]> {
  const synthetic = await SyntheticSession.logIn({ joinedStreamChannels: CHANNELS });
  const { session, scheduler, emulator } = synthetic;
  const { userId } = session;
  const names = Array.from({ length: CHANNELS }, (_, nth) => `channel ${nth}`);
  const eachSoon = (act: (name: string) => void): void => {
    for (const name of names) scheduler.at(scheduler.elapsed, () => act(name));
  };
  return [
    await run(synthetic, 'joined by the app', () => eachSoon((name) => void session.joinStreamChannel(name))),
    await run(synthetic, 'all lost one by one', () => eachSoon((name) => emulator.failStream(userId, name))),
    await run(synthetic, 'all lost with the login', () => emulator.expireToken(userId)),
  ];
}

/** Acts, and waits until all channels are joined again. */
async function run(synthetic: SyntheticSession, phase: string, act: () => void): Promise<Phase> {
  const { scheduler, tokenRequests } = synthetic;
  const start = scheduler.elapsed;
  synthetic.takeTaskMs();
  act();
  do await scheduler.runUntil(scheduler.elapsed + 500);
  while (joinedOf(synthetic) < CHANNELS && scheduler.elapsed < start + PATIENCE_MS);
  return {
    phase,
    joined: joinedOf(synthetic),
    seconds: Number(((scheduler.elapsed - start) / 1_000).toFixed(1)),
    requests: synthetic.tokenRequests - tokenRequests,
    taskMs: synthetic.takeTaskMs(),
  };
}

function joinedOf({ user }: SyntheticSession): number {
  return user?.streamChannels.length ?? 0;
}
