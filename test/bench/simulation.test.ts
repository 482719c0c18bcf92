import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { pageSectionOf } from '../../bench/page-section.js';
import { CONTENDERS } from '../../bench/simulation/contenders.js';
import { plotCrowd } from '../../bench/simulation/crowd-plot.js';
import { runJob } from '../../bench/simulation/job.js';
import { jobsOf } from '../../bench/simulation/parallel-days.js';
import { SCENARIOS } from '../../bench/simulation/scenarios.js';
import {
  crowdLoads,
  PLOT_PATH,
  PLOT_TITLE,
  pageSection,
  reportOf,
  type SimulationReport,
} from '../../bench/simulation/simulation-report.js';

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const names = (list: readonly { readonly name: string }[]): string[] => list.map(({ name }) => name);

let report: SimulationReport;

beforeAll(async () => {
  const jobs = jobsOf(names(SCENARIOS), names(CONTENDERS), [1, 2]);
  const days = [];
  for (const job of jobs) days.push(await runJob(job));
  report = reportOf(jobs, days, crowdLoads(1));
}, 300_000);

describe('the simulation', () => {
  it('meets every goal', () => {
    expect(report.goals.filter(({ met }) => !met)).toEqual([]);
  });

  it('has every app lose the same time for sleep and for want of a network', () => {
    for (const { name } of SCENARIOS) {
      const ofScenario = report.summaries.filter(({ scenario }) => scenario === name);
      expect(new Set(ofScenario.map(({ login }) => login.noLink)).size).toBe(1);
    }
  });

  it('gives the same day for the same seed', async () => {
    const job = { scenario: 'all together', contender: CONTENDERS[0].name, seeds: [3] };
    expect(await runJob(job)).toEqual(await runJob(job));
  }, 60_000);

  it('refuses a kind of day that there is none of', async () => {
    await expect(runJob({ scenario: 'holiday', contender: CONTENDERS[0].name, seeds: [1] })).rejects.toThrow('holiday');
  });
});

describe('what docs/benchmarks.md shows of it', () => {
  it('has the rows and the goals of a fresh run', () => {
    expect(skeletonOf(pageSectionOf('simulation'))).toEqual(skeletonOf(pageSection(report)));
  });

  it('has a plot that is made by the command', () => {
    const [ours, fixed] = report.loads;
    if (!ours || !fixed) throw new Error('There is no crowd.');
    expect(readFileSync(root(PLOT_PATH), 'utf8')).toBe(plotCrowd(ours, fixed, PLOT_TITLE));
  });
});

/** Headings, the names of rows, and which goals are met: everything but the numbers. */
function skeletonOf(section: string): string[] {
  const lines = section.split('\n').filter((line) => line.startsWith('|') || line.startsWith('- '));
  return lines.map((line) => (line.startsWith('|') ? line.replaceAll(/\| [\d<,. ]+( of \d+)?(?= \|)/g, '| #') : line));
}
