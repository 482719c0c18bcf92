import type { Goal } from '../report.js';
import { CONTENDERS } from './contenders.js';
import { CROWD, fixedLeadSchedule, type Load, loadOf, sessionSchedule } from './crowd.js';
import { crowdGoals, sessionGoals } from './goals.js';
import type { Job } from './job.js';
import type { DayResult } from './simulated-day.js';
import { type Summary, summarize } from './summary.js';
import { crowdTable, goalList, lapseTable, overviewTable } from './tables.js';

/** The plot, from the root of the repository. */
export const PLOT_PATH = 'bench/results/crowd.svg';
export const PLOT_TITLE = 'Token requests of 100,000 clients that log in within ten seconds';

/** Everything that was simulated. */
export interface SimulationReport {
  readonly summaries: readonly Summary[];
  readonly loads: readonly Load[];
  readonly goals: readonly Goal[];
}

/** Puts the days of all jobs, and the crowd's, together. */
export function reportOf(jobs: readonly Job[], days: readonly DayResult[][], loads: readonly Load[]): SimulationReport {
  const groups = new Map<string, { job: Job; days: DayResult[] }>();
  for (const [index, job] of jobs.entries()) {
    const key = `${job.scenario} ${job.contender}`;
    const group = groups.get(key) ?? { job, days: [] };
    group.days.push(...(days[index] ?? []));
    groups.set(key, group);
  }
  const summaries = [...groups.values()].map((group) => summarize(group.job.scenario, group.job.contender, group.days));
  const [ours] = loads;
  return { summaries, loads, goals: [...sessionGoals(summaries), ...(ours ? crowdGoals(ours) : [])] };
}

/** The crowd with both ways to renew; ours first. */
export function crowdLoads(seed: number, clients: number = CROWD.clients): Load[] {
  return [sessionSchedule, fixedLeadSchedule].map((schedule) => loadOf(schedule, { ...CROWD, clients }, seed));
}

/** What goes into docs/benchmarks.md, Markdown. */
export function pageSection({ summaries, loads, goals }: SimulationReport): string {
  const days = summaries[0]?.days ?? 0;
  return [
    `Averages of ${days} sessions of 24 hours each, with tokens of one hour and five stream channels, on the same faults for every app. Made by \`npm run simulate -- --write\`.`,
    overviewTable(summaries),
    `And ${CROWD.clients.toLocaleString('en')} clients that log in within ten seconds, in token requests per second:`,
    crowdTable(loads),
    `![${PLOT_TITLE}: ${CONTENDERS[0].name} keeps them level, a fixed lead brings all of them every hour](../${PLOT_PATH})`,
    goalList(goals),
  ].join('\n\n');
}

/** What is printed beside that: where the time went. */
export function details({ summaries }: SimulationReport): string {
  return [
    'Seconds a day without a login, by reason:',
    lapseTable(summaries, 'login'),
    'Seconds a day without a channel, by reason, averaged over the channels:',
    lapseTable(summaries, 'channel'),
    REASONS,
    ...summaries.filter(({ contender }) => contender === CONTENDERS[0].name).flatMap(badDays),
  ].join('\n\n');
}

/** Names the days on which this package fell short. */
function badDays({ scenario, badSeeds }: Summary): string[] {
  return badSeeds.length === 0 ? [] : [`Fell short: --scenario "${scenario}" --seed ${badSeeds.join(', ')}`];
}

const REASONS = `Every second is counted once, under the first reason that fits:
- asleep or offline: the machine sleeps or has no network.
- no token to be had: the newest token lapsed while the token server could not be reached, and it could not be since, or for less than
  the time to react. At the least it is what an app had suffered that got a fresh token just before each such time; the rest is the price of
  renewing less often.
- SDK reconnecting: the network is back, and the SDK takes the seconds that it takes.
- reacting: one of these has just ended; 70 s (in a hidden tab, where timers fire once a minute, 190 s) to find out and act. A token that
  lapses within 2 s (62 s) of the token server's return belongs here, too.
- avoidable: everything else. What was avoidable once in a lapse stays so until it ends, unless the machine sleeps or is offline.

The emulator follows the SDK's types in that a link which was gone for two minutes comes back without its stream channels; one of Agora's
pages says that the SDK restores them. Round trips to the token server take 200 ms, those to Signaling no time.`;
