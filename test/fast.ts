import { spawn } from 'node:child_process';
import { once } from 'node:events';

// `npm run test:fast`: types and lint beside the tests, since each leaves a core idle for a while.

async function run(...command: string[]): Promise<boolean> {
  const child = spawn('npm', command, { stdio: 'inherit', shell: process.platform === 'win32' });
  const [code] = await once(child, 'close');
  return code === 0;
}

const passed = await Promise.all([
  run('run', '--silent', 'check'),
  run('exec', '--', 'vitest', 'run', '--root', '.', '--config', 'test/fast.config.ts'),
]);
if (passed.includes(false)) process.exitCode = 1;
