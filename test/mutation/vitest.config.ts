import type { ViteUserConfig } from 'vitest/config';
import { sourceAliases } from '../../vite.config.js';

/** The unit tests with which `npm run test:mutation` tries each mutant: of tables, schedules and leases, none with a session. */
const config: ViteUserConfig = {
  resolve: { alias: sourceAliases },
  test: {
    include: [
      'test/token/*.test.ts',
      'test/session/*-table.test.ts',
      'test/session/{next-step,reasons,login-remedy,transitions,backoff}.test.ts',
    ],
    exclude: ['test/token/existing-servers.test.ts'], // with whole sessions
    testTimeout: 20_000,
  },
};

export default config;
