import { configDefaults, type ViteUserConfig } from 'vitest/config';
import { measuring, sourceAliases } from '../vite.config.js';

/** So few that they take seconds, and enough that every kind of fault strikes. */
process.env.STORIES ??= '100';

/** Tests that load modules anew, or change the platform when one is loaded: others would get what they leave behind. */
const loading = [
  'test/environment/hidden-page-timers.test.ts',
  'test/server/second-copy.test.ts',
  'test/session/{copies-and-json,loading}.test.ts',
  'test/testing/*.test.ts',
  'test/token/read-access-token.test.ts',
];
const slow = [
  ...measuring,
  'test/{browser,bench,cli,docs,examples,live,package,packaging,vite}/**',
  'test/emulator/in-page.test.ts',
  'test/session/leaks.test.ts',
];

/**
 * What `npm run test:fast` runs: every test that needs neither a browser, nor a build, nor processes or a machine of its own, with few
 * stories. Modules
 * are loaded once for all files of a worker.
 */
const config: ViteUserConfig = {
  resolve: { alias: sourceAliases },
  test: {
    reporters: ['dot', './test/support/closing-line-reporter.ts'],
    testTimeout: 20_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...slow, ...loading],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'apart', include: loading } },
    ],
  },
};

export default config;
