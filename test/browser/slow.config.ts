import type { ViteUserConfig } from 'vitest/config';
import base from '../../vite.config.js';

/** The browser tests that take minutes: `npm run test:browser`, which CI runs beside `npm test`. */
const config: ViteUserConfig = {
  ...base,
  test: { ...base.test, include: ['test/browser/*.slow.ts'], fileParallelism: false },
};

export default config;
