import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, createServer, type InlineConfig, type Rolldown } from 'vite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type AgoraSessionPluginOptions, agoraSession } from '../../src/vite/index.js';
import { browserAliases } from '../../vite.config.js';
import { appCertificate, appId } from '../server/official-tokens.js';

// `virtual:agora-session` gives a page what its session needs: the development server's in development, the project's in a build.

const closers: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  for (const name of ['AGORA_APP_ID', 'AGORA_APP_CERTIFICATE']) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(closers.splice(0).map((close) => close()));
});

const PAGE = `import { SessionManager } from 'agora-session';
import { sessionOptions } from 'virtual:agora-session';
window.session = new SessionManager({ ...sessionOptions, userId: 'alice' });
`;

/** The project of an app with one page, and `.env` if given. */
function project(envFile = '', options: AgoraSessionPluginOptions = {}): InlineConfig {
  const root = mkdtempSync(join(tmpdir(), 'agora-session-page-'));
  writeFileSync(join(root, 'index.html'), '<script type="module" src="/main.js"></script>');
  writeFileSync(join(root, 'main.js'), PAGE);
  writeFileSync(join(root, '.env'), envFile, { mode: 0o600 });
  return {
    root,
    configFile: false,
    logLevel: 'silent',
    resolve: { alias: browserAliases },
    plugins: [agoraSession(options)],
  };
}

/** The module as the development server's own code sees it, as in server rendering. */
async function inDevelopment(envFile?: string): Promise<{ sessionOptions: Record<string, unknown> }> {
  const server = await createServer({ ...project(envFile), server: { port: 0, host: '127.0.0.1' } });
  closers.push(() => server.close());
  await server.listen();
  return (await server.ssrLoadModule('virtual:agora-session')) as { sessionOptions: Record<string, unknown> };
}

/** Everything that a build puts out, as one text. */
async function built(envFile?: string, options: AgoraSessionPluginOptions = {}): Promise<string> {
  const config = project(envFile, options);
  const rolldownOptions: Rolldown.RolldownOptions = { external: /^agora-rt[cm]-sdk/ };
  const result = await build({ ...config, build: { write: false, rolldownOptions } });
  const files = [result].flat().flatMap((one) => ('output' in one ? one.output : []));
  return files.map((file) => (file.type === 'chunk' ? file.code : String(file.source))).join('\n');
}

const REAL = `AGORA_APP_ID=${appId}\nAGORA_APP_CERTIFICATE=${appCertificate}\n`;
/** Words that only the emulator's client has in it: its frames over the WebSocket. */
const EMULATOR = /WebSocket|\/api\/agora\/signaling|connectEmulator/;

test('in development the made-up project, the server’s endpoint and its local Signaling, one SDK a page', async () => {
  const { sessionOptions } = await inDevelopment();
  expect(sessionOptions).toEqual({
    appId: expect.stringMatching(/^[0-9a-f]{32}$/),
    tokens: '/api/agora/tokens',
    loadSdk: expect.any(Function),
  });
});

test('the local Signaling is loaded by the page’s first login, once', async () => {
  vi.stubGlobal('location', new URL('http://localhost:5173/'));
  vi.stubGlobal('WebSocket', class {});
  const { sessionOptions } = await inDevelopment();
  const loadSdk = sessionOptions.loadSdk as () => Promise<{ RTM: unknown }>;
  const sdk = await loadSdk();
  expect(sdk.RTM).toBeTypeOf('function');
  expect(await loadSdk()).toBe(sdk);
  vi.unstubAllGlobals();
});

test('in development with a real project Signaling is Agora’s', async () => {
  const { sessionOptions } = await inDevelopment(REAL);
  expect(sessionOptions).toEqual({ appId, tokens: '/api/agora/tokens' });
});

test('a development server gives its pages the emulator’s client, which its builds lack', async () => {
  const server = await createServer({ ...project(), server: { port: 0, host: '127.0.0.1' } });
  closers.push(() => server.close());
  await server.listen();
  const given = await server.transformRequest('virtual:agora-session');
  expect(given?.code).toMatch(EMULATOR);
});

test('a built page has the app ID and nothing of the emulator, nor the certificate', async () => {
  const code = await built(REAL);
  expect(code).toContain(appId);
  expect(code).toContain('/api/agora/tokens');
  expect(code).not.toMatch(EMULATOR);
  expect(code).not.toContain(appCertificate);
});

test('a build needs no certificate, and may name another token endpoint', async () => {
  const code = await built(`AGORA_APP_ID=${appId}\n`, { tokens: 'https://api.example.com/tokens' });
  expect(code).toContain('https://api.example.com/tokens');
  expect(code).not.toContain('/api/agora/tokens');
});

test.each(['', 'AGORA_APP_ID=none\n'])('a build without an app ID says what is missing (%j)', async (envFile) => {
  await expect(built(envFile)).rejects.toThrow(/AGORA_APP_ID.*is needed to build a page that imports virtual:agora/);
});
