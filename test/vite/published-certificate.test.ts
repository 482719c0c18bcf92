import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, createServer, type InlineConfig, type LogErrorOptions, type ViteDevServer } from 'vite';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { agoraSession } from '../../src/vite/index.js';
import { appCertificate, appId } from '../server/official-tokens.js';

// However the certificate gets into what the page is given, neither the development server nor a build gives it out.

const ENV = `AGORA_APP_ID=${appId}\nAGORA_APP_CERTIFICATE=${appCertificate}\n`;
const closers: (() => Promise<unknown>)[] = [];
const logged: string[] = [];

beforeEach(() => vi.stubEnv('AGORA_APP_CERTIFICATE', undefined));
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(closers.splice(0).map((close) => close()));
  expect(logged.splice(0).join('\n')).not.toContain(appCertificate);
});

const log = (text: string, options?: LogErrorOptions): void => void logged.push(`${text} ${options?.error?.message}`);

/** A project with a page that loads `main.js`, and these files. */
function project(files: Record<string, string>, config: InlineConfig = {}): InlineConfig {
  const root = mkdtempSync(join(tmpdir(), 'agora-session-published-'));
  const page = '<script type="module" src="/main.js"></script>';
  for (const [name, text] of Object.entries({ 'index.html': page, '.env': ENV, ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text, { mode: 0o600 });
  }
  const customLogger = { info: log, warn: log, warnOnce: log, error: log, clearScreen() {}, hasWarned: false };
  return {
    root,
    configFile: false,
    customLogger: { ...customLogger, hasErrorLogged: () => false },
    optimizeDeps: { noDiscovery: true },
    plugins: [agoraSession()],
    ...config,
  };
}

/** Everything that a visitor of the development server may load of a project, as one text. */
async function visited(config: InlineConfig, paths: readonly string[]): Promise<string> {
  const server: ViteDevServer = await createServer({ ...config, server: { port: 0, host: '127.0.0.1' } });
  closers.push(() => server.close());
  await server.listen();
  const { port } = (server.httpServer?.address() ?? {}) as AddressInfo;
  const texts = paths.map(async (path) => (await fetch(`http://127.0.0.1:${port}${path}`)).text());
  return (await Promise.all(texts)).join('\n');
}

const swapped = [...appCertificate]
  .map((digit) => (digit === digit.toLowerCase() ? digit.toUpperCase() : digit.toLowerCase()))
  .join('');
const print = (expression: string): string => `console.log(${expression});\n`;

const WAYS: [string, Record<string, string>, InlineConfig, string[]][] = [
  ['a literal', { 'main.js': print(`'${appCertificate}'`) }, {}, ['/main.js']],
  ['a literal in another case', { 'main.js': print(`'${swapped}'`) }, {}, ['/main.js']],
  [
    'define',
    { 'main.js': print('__CERTIFICATE__') },
    { define: { __CERTIFICATE__: JSON.stringify(appCertificate) } },
    ['/@vite/env', '/main.js'],
  ],
  [
    'another variable',
    { '.env': `${ENV}VITE_OTHER=x${appCertificate}\n`, 'main.js': print('import.meta.env.VITE_OTHER') },
    {},
    ['/main.js'],
  ],
  [
    'JSON',
    {
      'config.json': JSON.stringify({ key: appCertificate }),
      'main.js': `import { key } from './config.json';\n${print('key')}`,
    },
    {},
    ['/config.json?import'],
  ],
  [
    '?raw',
    {
      'notes.txt': `The key is ${appCertificate}.`,
      'main.js': `import notes from './notes.txt?raw';\n${print('notes')}`,
    },
    {},
    ['/notes.txt?import&raw'],
  ],
  [
    'CSS',
    { 'style.css': `a { --key: '${appCertificate}'; }`, 'main.js': `import './style.css';\n` },
    {},
    ['/style.css'],
  ],
  ['HTML', { 'index.html': `<p data-key="${appCertificate}"></p>`, 'main.js': '' }, {}, ['/']],
];

describe.each(WAYS)('by %s', (_name, files, config, paths) => {
  test('no page of the development server gets it', async () => {
    const text = await visited(project(files, config), paths).catch((error: Error) => error.message);
    expect(text.toLowerCase()).not.toContain(appCertificate.toLowerCase());
  });

  test('no build is made', async () => {
    const failed = build({ ...project(files, config), build: { write: false } });
    await expect(failed).rejects.toThrow('AGORA_APP_CERTIFICATE would reach every visitor');
    await expect(failed).rejects.not.toThrow(appCertificate);
  });
});

test.each(['serve', 'build'])('a public file with it stops the %s', async (command) => {
  const config = project({ 'public/settings.json': `{"key":"${appCertificate}"}`, 'main.js': '' });
  const started = command === 'build' ? build({ ...config, build: { write: false } }) : createServer(config);
  await expect(started).rejects.toThrow(/AGORA_APP_CERTIFICATE would reach every visitor: it is in .*settings\.json/);
});

test('a source map with it stops the build', async () => {
  const config = project({ 'main.js': `// ${appCertificate}\n${print('1')}` });
  const made = (sourcemap: boolean) => build({ ...config, build: { write: false, sourcemap } });
  await expect(made(true)).rejects.toThrow('AGORA_APP_CERTIFICATE');
  await expect(made(false)).resolves.toBeDefined();
});

test('a bundle for the server may have it', async () => {
  const config = project({ 'server.js': `export const key = '${appCertificate}';\n` });
  await expect(build({ ...config, build: { write: false, ssr: 'server.js' } })).resolves.toBeDefined();
});

test.runIf(process.platform !== 'win32')('an .env that every user can read brings a warning', async () => {
  const config = project({ 'main.js': '' });
  writeFileSync(join(String(config.root), '.env.local'), ENV, { mode: 0o644 });
  await visited(config, []);
  // Vite itself says, too, that the package is not installed in this project.
  const ours = logged.filter((line) => line.startsWith('agora-session: '));
  expect(ours).toEqual([expect.stringContaining('chmod 600 .env.local')]);
});

test('a bundler for browsers gets a word in the place of the plugin', async () => {
  await expect(import('../../src/vite/in-browser.js')).rejects.toThrow('must never reach a browser');
});
