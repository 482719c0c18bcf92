import type { ViteUserConfig } from 'vitest/config';
import { sourceAliases, tests } from '../../vite.config.js';

/** The browser tests that take minutes: `npm run test:browser`, which CI runs beside `npm test`. */
const config: ViteUserConfig = {
  resolve: { alias: sourceAliases },
  test: { ...tests, include: ['test/browser/*.slow.ts'], fileParallelism: false },
};

export default config;
