import type { ViteUserConfig } from 'vitest/config';
import { sourceAliases } from '../../vite.config.js';

/** The unit tests with which `npm run test:mutation` tries each mutant of a table: few, since a table is made anew for each. */
const config: ViteUserConfig = {
  resolve: { alias: sourceAliases },
  test: {
    include: ['test/session/{reasons,login-remedy,transitions}.test.ts'],
    testTimeout: 20_000,
  },
};

export default config;
