import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from './app.js';
import { jestStories } from './jest-stories.js';

/** One way of using the installed package. */
export interface Tool {
  /** As it stands in the table. */
  readonly name: string;
  /** What npm is asked for, by the name it is installed under. */
  readonly packages: Readonly<Record<string, string>>;
  /** Rejects with what is wrong. */
  check(app: App): Promise<void>;
}

const PAGE = `
import { SessionManager } from 'agora-session';
const session = new SessionManager({ appId: 'a'.repeat(32), userId: 'alice', tokens: '/api/agora/tokens' });
session.login().catch(console.error);
`;
const SERVER_IN_A_PAGE = `
import { createTokenHandler } from 'agora-session/server';
console.log(createTokenHandler);
`;
const GUARD = 'must never reach a browser';

/** A bundler: builds a page with the session, and refuses, in the build or in what it gives, one that imports the server. */
function bundler(name: string, packages: Tool['packages'], build: (app: App) => Promise<string>): Tool {
  return {
    name,
    packages,
    async check(app) {
      await app.write('page.js', PAGE);
      await build(app);
      const built = readAll(app.path('out'));
      if (!built.includes('is not logged in')) throw new Error('the page is built without the session');
      if (/createHmac/.test(built)) throw new Error('the page is given code that can sign');
      await app.write('page.js', SERVER_IN_A_PAGE);
      // Some refuse the import while they build: what stands in for the server has no such export.
      const refused = await build(app).then(
        () => false,
        () => true,
      );
      if (!refused && !readAll(app.path('out')).includes(GUARD)) throw new Error('the server is let into a page');
    },
  };
}

function readAll(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.m?js$/.test(file));
  return files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
}

const TYPED = `
import { SessionManager, SessionError, type SessionState, httpTokenSource } from 'agora-session';
import { allowAnyone, createTokenHandler } from 'agora-session/server';
import { SignalingEmulator } from 'agora-session/emulator';
import { connectEmulator } from 'agora-session/emulator/client';

export const session = new SessionManager({ appId: '', userId: '', tokens: httpTokenSource({ url: '/tokens' }) });
session.on('state', (state: SessionState) => state.status === 'failed' && state.error.code === 'DISPLACED');
export const handler = createTokenHandler({ appId: '', appCertificate: '', authorize: allowAnyone });
export const emulator = new SignalingEmulator({ appId: '' });
export const client = connectEmulator('ws://x');
export const isOurs = (error: unknown): boolean => error instanceof SessionError;
// @ts-expect-error types that were lost would be \`any\`, and this no error
export const lost: number = session.state;
`;

/** A TypeScript with each of its ways of resolving: no error in the app, nor in the package's own declarations. */
function typescript(alias: string, version: string, resolutions: readonly string[], options: object = {}): Tool[] {
  return resolutions.map((moduleResolution) => ({
    name: `TypeScript ${version}, ${moduleResolution}`,
    packages: { [alias]: `npm:typescript@${version}` },
    async check(app) {
      const module = ['node16', 'nodenext'].includes(moduleResolution) ? moduleResolution : 'esnext';
      const common = { strict: true, noEmit: true, target: 'es2022', lib: ['es2022', 'dom'], types: ['node'] };
      const tsconfig = { compilerOptions: { ...common, ...options, module, moduleResolution }, files: ['app.ts'] };
      await app.write('tsconfig.json', JSON.stringify(tsconfig));
      await app.write('app.ts', TYPED);
      const printed = await app.node(`node_modules/${alias}/bin/tsc`, '-p', '.').catch((error: Error) => error.message);
      // Declarations of others have errors of their own where everything is checked.
      const ours = printed
        .split('\n')
        .filter((line) => /^(?:app\.ts|tsconfig|error|node_modules\/agora-session\/)/.test(line));
      if (ours.length > 0) throw new Error(ours.join('\n'));
    },
  }));
}

export const tools: readonly Tool[] = [
  {
    name: 'Node, import and require()',
    packages: {},
    async check(app) {
      await app.write('a.mjs', "import { SessionManager } from 'agora-session';\nconsole.log(typeof SessionManager);");
      await app.write('b.cjs', "console.log(typeof require('agora-session/server').createTokenHandler);");
      for (const file of ['a.mjs', 'b.cjs']) {
        if ((await app.node(file)).trim() !== 'function') throw new Error(`${file} did not find it`);
      }
    },
  },
  ...['7', '8'].map((version) =>
    bundler(`Vite ${version}`, { [`vite${version}`]: `npm:vite@${version}` }, async (app) => {
      await app.write('index.html', '<script type="module" src="./page.js"></script>');
      return app.node(`node_modules/vite${version}/bin/vite.js`, 'build', '--outDir', 'out');
    }),
  ),
  bundler('esbuild', { esbuild: 'latest' }, (app) =>
    app.run('node_modules/.bin/esbuild', 'page.js', '--bundle', '--splitting', '--format=esm', '--outdir=out'),
  ),
  bundler('webpack 5', { webpack: '5', 'webpack-cli': '6' }, (app) =>
    app.node('node_modules/webpack-cli/bin/cli.js', '--mode=production', '--entry=./page.js', '--output-path=out'),
  ),
  bundler('Rollup 4', { rollup: '4', '@rollup/plugin-node-resolve': '16', '@rollup/plugin-commonjs': '29' }, (app) =>
    app.node(
      'node_modules/rollup/dist/bin/rollup',
      'page.js',
      '-d',
      'out',
      '-p',
      'node-resolve={browser:true}',
      '-p',
      'commonjs',
    ),
  ),
  // The SDK names Node's `Buffer`, for which Parcel wants this package.
  bundler('Parcel 2', { parcel: '2', buffer: '6' }, async (app) => {
    await app.write('index.html', '<script type="module" src="./page.js"></script>');
    return app.node(
      'node_modules/parcel/lib/bin.js',
      'build',
      'index.html',
      '--dist-dir',
      'out',
      '--no-cache',
      '--no-source-maps',
    );
  }),
  {
    name: 'Jest 30 with jsdom, the emulator’s tests in process',
    packages: { jest: '30', 'jest-environment-jsdom': '30' },
    async check(app) {
      await app.write('stories.test.mjs', await jestStories());
      const config = {
        testEnvironment: 'jsdom',
        transform: {},
        testMatch: ['**/stories.test.mjs'],
        testTimeout: 60_000,
      };
      await app.write('jest.config.json', JSON.stringify({ ...config, moduleFileExtensions: ['mjs', 'js', 'json'] }));
      const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--config', 'jest.config.json'];
      const printed = await app.node(...jest);
      const [, passed = '0'] = /^Tests: +(\d+) passed, \1 total$/m.exec(printed) ?? [];
      if (Number(passed) < 400) throw new Error(`Jest ran too few tests:\n${printed.slice(-300)}`);
    },
  },
  ...typescript('ts50', '5.0', ['node10', 'node16', 'bundler'], { skipLibCheck: true }),
  ...typescript('ts59', '5.9', ['node10', 'node16', 'bundler']),
  ...typescript('ts60', '6.0', ['node16', 'nodenext', 'bundler']),
];
