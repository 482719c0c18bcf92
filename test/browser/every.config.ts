import type { ViteUserConfig } from 'vitest/config';
import { sourceAliases, tests } from '../../vite.config.js';

/** The same stories in Chromium, Firefox and WebKit: `npm run test:browsers`. */
const config: ViteUserConfig = {
  resolve: { alias: sourceAliases },
  test: {
    ...tests,
    globalSetup: './test/browser/drive/setup.ts',
    include: ['test/browser/*.every.ts'],
    fileParallelism: false,
  },
};

export default config;
