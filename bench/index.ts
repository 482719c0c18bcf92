import { cpus } from 'node:os';
import { BENCHMARKS } from './benchmarks.js';
import { reportSection, writePageSection } from './page-section.js';
import { printReport } from './report.js';

const machine = `Node ${process.version} on ${cpus()[0]?.model ?? 'an unknown processor'}, ${cpus().length} cores`;
console.log(machine);
const sections: string[] = [];
for (const { title, run } of BENCHMARKS) {
  const report = await run();
  if (!printReport(title, report)) process.exitCode = 1;
  sections.push(reportSection(title, report));
}
// `npm run bench -- --write` puts the tables into docs/benchmarks.md.
if (process.argv.includes('--write')) writePageSection('bench', [`${machine}:`, ...sections].join('\n\n'));
