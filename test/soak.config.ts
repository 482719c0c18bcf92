import type { ViteUserConfig } from 'vitest/config';
import { sourceAliases, tests } from '../vite.config.js';

process.env.SOAK_MINUTES ??= '10';

/** What `npm run test:soak` runs: new random stories, for `SOAK_MINUTES`. */
const config: ViteUserConfig = {
  resolve: { alias: sourceAliases },
  test: { ...tests, include: ['test/session/model.test.ts'] },
};

export default config;
