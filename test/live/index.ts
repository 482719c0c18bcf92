import { startVitest } from 'vitest/node';
import { liveProject } from './live-project.js';

// What `npm run test:live` runs: the cases of the online contract with the real SDK against Agora.
try {
  liveProject(process.env);
  const vitest = await startVitest('test', [], {
    run: true,
    watch: false,
    include: ['test/live/agora.live.ts'],
    bail: 1,
  });
  await vitest.close();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
