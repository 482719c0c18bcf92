import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writePageSection } from './page-section.js';
import { CONTENDERS } from './simulation/contenders.js';
import { plotCrowd } from './simulation/crowd-plot.js';
import { jobsOf, runInParallel } from './simulation/parallel-days.js';
import { SCENARIOS } from './simulation/scenarios.js';
import {
  crowdLoads,
  details,
  PLOT_PATH,
  PLOT_TITLE,
  pageSection,
  reportOf,
  type SimulationReport,
} from './simulation/simulation-report.js';

const USAGE = `npm run simulate -- [--seeds N] [--seed S] [--scenario NAME] [--write]

  --seeds N        how many days of each kind, default 200
  --seed S         this one day only
  --scenario NAME  this kind of day only: ${SCENARIOS.map(({ name }) => name).join(', ')}
  --write          put the tables into docs/benchmarks.md, and the plot beside the benchmarks`;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    seed: { type: 'string' },
    scenario: { type: 'string' },
    write: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else await main();

async function main(): Promise<void> {
  const jobs = jobsOf(
    chosenScenarios(),
    CONTENDERS.map(({ name }) => name),
    chosenSeeds(),
  );
  const days = await runInParallel(jobs, showProgress);
  const report = reportOf(jobs, days, crowdLoads(1));
  console.log(`${pageSection(report)}\n\n${details(report)}`);
  if (values.write) write(report);
  if (!report.goals.every(({ met }) => met)) process.exitCode = 1;
}

function chosenScenarios(): string[] {
  const names = SCENARIOS.map(({ name }) => name);
  if (values.scenario === undefined) return names;
  if (!names.includes(values.scenario)) throw new TypeError(`There is no such scenario.\n\n${USAGE}`);
  return [values.scenario];
}

function chosenSeeds(): number[] {
  if (values.seed !== undefined) return [wholeNumber(values.seed)];
  return Array.from({ length: wholeNumber(values.seeds) }, (_, index) => index + 1);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new TypeError(`"${text}" is no whole number above 0.\n\n${USAGE}`);
  return value;
}

function showProgress(share: number): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${Math.round(100 * share)} %${share === 1 ? '\n' : ''}`);
}

function write(report: SimulationReport): void {
  if (values.scenario !== undefined || values.seed !== undefined) {
    throw new TypeError('Only a simulation of everything is written; leave --scenario and --seed out.');
  }
  const [ours, fixed] = report.loads;
  if (ours && fixed) writeUnderRoot(PLOT_PATH, plotCrowd(ours, fixed, PLOT_TITLE));
  writePageSection('simulation', pageSection(report));
}

function writeUnderRoot(path: string, content: string): void {
  mkdirSync(dirname(fromRoot(path)), { recursive: true });
  writeFileSync(fromRoot(path), content);
}

function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}
