import { configDefaults, type ViteUserConfig } from 'vitest/config';
import { sourceAliases } from '../vite.config.js';

process.env.STORIES ??= '50';

/** What `npm run test:fast` runs: every test that needs neither a browser nor a build, with few stories. */
const config: ViteUserConfig = {
  resolve: { alias: sourceAliases },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/{browser,bench,examples,package,packaging,vite}/**'],
    reporters: ['dot', './test/support/closing-line-reporter.ts'],
    testTimeout: 20_000,
  },
};

export default config;
