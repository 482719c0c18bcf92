import { cpus } from 'node:os';
import { browserBundle } from './browser-bundle.js';
import { channelCost } from './channel-cost.js';
import { printReport } from './report.js';
import { loginCost } from './session-cost.js';
import { tokenBuilding } from './token-building.js';

console.log(`Node ${process.version} on ${cpus()[0]?.model ?? 'an unknown processor'}, ${cpus().length} cores`);
for (const benchmark of [tokenBuilding, loginCost, channelCost, browserBundle]) {
  const met = printReport(benchmark.title, await benchmark.run());
  if (!met) process.exitCode = 1;
}
