import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import manifest from './package.json' with { type: 'json' };

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** What the package's own name resolves to inside this repository, so that tests and examples read as an app would. */
export const sourceAliases: Record<string, string> = {
  'agora-session/devtools': source('devtools/index.ts'),
  'agora-session/emulator/client': source('emulator/client.ts'),
  'agora-session/emulator': source('emulator/index.ts'),
  'agora-session/server': source('server/index.ts'),
  'agora-session/testing': source('testing/index.ts'),
  'agora-session/vite': source('vite/index.ts'),
  'agora-session': source('index.ts'),
};

/** The same for what is built for browsers, as `exports` of package.json has it. */
export const browserAliases: Record<string, string> = {
  ...sourceAliases,
  'agora-session/emulator': source('emulator/in-browser.ts'),
};

const outside = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.peerDependencies), ...builtinModules];

/** How tests run, whichever they are. */
export const tests: NonNullable<ViteUserConfig['test']> = {
  globalSetup: './test/support/chromium-setup.ts',
  reporters: ['default', './test/support/closing-line-reporter.ts'],
  testTimeout: 20_000,
};

/** Tests that measure time or cost: no other test runs beside them. */
export const measuring: string[] = [
  'test/bench/channel-cost.test.ts',
  'test/cli/serve-ends.test.ts',
  'test/server/{abandoned,pipelining,sizes}.test.ts',
];

/** Files that take minutes come first, so that no worker is left alone with one at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification): boolean =>
      /\/(?:session\/model|browser\/\w+)\.test\.ts$/.test(moduleId);
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

const config: ViteUserConfig = {
  resolve: { alias: sourceAliases },
  build: {
    target: 'es2022',
    minify: false,
    sourcemap: true,
    lib: {
      formats: ['es'],
      entry: {
        index: source('index.ts'),
        // Files of their own, so that an app which uses an error's class or a token source alone is not given the session: within one
        // file a bundler would have to prove that to extend a foreign emitter does nothing.
        'session-manager': source('session/session-manager.ts'),
        'token-sources': source('token/token-source-presets.ts'),
        server: source('server/index.ts'),
        // Every bundler prints this name where a page imports the server, so it is the sentence that is to be read there.
        'agora-session-server-must-not-run-in-browsers': source('server/in-browser.ts'),
        'agora-session-server-needs-node-crypto': source('server/needs-node-crypto.ts'),
        emulator: source('emulator/index.ts'),
        'emulator-in-browser': source('emulator/in-browser.ts'),
        'emulator-client': source('emulator/client.ts'),
        testing: source('testing/index.ts'),
        devtools: source('devtools/index.ts'),
        vite: source('vite/index.ts'),
        'agora-session-vite-must-not-run-in-browsers': source('vite/in-browser.ts'),
        cli: source('cli/index.ts'),
      },
    },
    rolldownOptions: {
      external: (id) => id.startsWith('node:') || outside.some((name) => id === name || id.startsWith(`${name}/`)),
      output: { chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  test: {
    ...tests,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: measuring,
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'alone', include: measuring, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
};

export default config;
