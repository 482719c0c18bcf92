import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packPackage } from '../runtimes/frameworks.js';
import { App } from './app.js';
import { type Tool, tools } from './tools.js';

// Installs the packed package with bundlers and TypeScripts in a temporary folder, tries it with each, and prints a table. Names on the
// command line choose among them: `npm run test:packaging -- Parcel`.

const SDKS = { 'agora-rtm-sdk': '^2.3.0', 'agora-rtc-sdk-ng': '^4.24.3', '@types/node': '^20.19.43' };

async function tryTool(tool: Tool, app: App): Promise<string> {
  await app.clean();
  try {
    await tool.check(app);
    return 'works';
  } catch (error) {
    return `**fails**: ${error instanceof Error ? error.message.slice(0, 500) : error}`;
  }
}

const wanted = process.argv.slice(2);
const chosen = tools.filter(({ name }) => wanted.length === 0 || wanted.some((part) => name.includes(part)));
const pack = await packPackage(fileURLToPath(new URL('../..', import.meta.url)), join(tmpdir(), 'agora-session-pack'));
const packages = Object.assign({}, ...chosen.map((tool) => tool.packages));
const app = await App.install({ 'agora-session': `file:${pack}`, ...SDKS, ...packages });
console.log('| installed with | |\n| :-- | :-- |');
for (const tool of chosen) {
  const result = await tryTool(tool, app);
  if (result !== 'works') process.exitCode = 1;
  console.log(`| ${tool.name} | ${result} |`);
}
await app.remove();
