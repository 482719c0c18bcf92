import { configDefaults, type ViteUserConfig } from 'vitest/config';
import { sourceAliases } from '../vite.config.js';

/** So few that they take seconds, and enough that every kind of fault strikes. */
process.env.STORIES ??= '100';

/** What `npm run test:fast` runs: every test that needs neither a browser, nor a build, nor processes of its own, with few stories. */
const config: ViteUserConfig = {
  resolve: { alias: sourceAliases },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      'test/{browser,bench,cli,docs,examples,live,package,packaging,vite}/**',
      'test/emulator/in-page.test.ts',
      'test/session/leaks.test.ts',
    ],
    reporters: ['dot', './test/support/closing-line-reporter.ts'],
    testTimeout: 20_000,
    maxWorkers: 2,
  },
};

export default config;
