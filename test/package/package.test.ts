import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPage, buildPage, ENTRY_LIMIT, gzipBytes } from '../../bench/browser-bundle.js';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));

/** An app with the package installed as the registry would give it: packed, unpacked, with its dependencies and nothing else. */
let app: string;
const modules = (name: string): string => join(app, 'node_modules', name);

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'agora-session-'));
  await mkdir(modules('agora-session'), { recursive: true });
  await writeFile(join(app, 'package.json'), '{ "type": "module", "private": true }');
  const packed = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', app], {
    cwd: repository,
  });
  const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
  await run('tar', ['-xzf', join(app, filename), '-C', modules('agora-session'), '--strip-components=1']);
  for (const name of ['eventemitter3', 'ws', 'vite', '@types'])
    await symlink(join(repository, 'node_modules', name), modules(name));
}, 60_000);
afterAll(() => rm(app, { recursive: true, force: true }));

const node = async (source: string): Promise<string> =>
  (await run(process.execPath, ['--input-type=module', '-e', source], { cwd: app })).stdout;

describe('the packed package', () => {
  it('is imported in Node, as in server rendering, without the SDKs being there', async () => {
    const printed = await node(`
      import { SessionManager, httpTokenSource } from 'agora-session';
      const session = new SessionManager({ appId: 'a'.repeat(32), userId: 'alice', tokens: '/api/agora/tokens' });
      console.log(session.state.status, typeof httpTokenSource);
    `);
    expect(printed.trim()).toBe('idle function');
  });

  it('says what to install when the SDK is missing', async () => {
    const printed = await node(`
      import { SessionManager } from 'agora-session';
      const tokens = async () => ({ signaling: { token: 'x' } });
      const session = new SessionManager({ appId: 'a'.repeat(32), userId: 'alice', tokens });
      await session.login().catch((error) => console.log(error.code, error.message));
    `);
    expect(printed).toContain('SDK_LOAD_FAILED');
    expect(printed).toContain('npm install agora-rtm-sdk agora-rtc-sdk-ng');
  });

  it('makes and reads tokens, and emulates Signaling, in Node', async () => {
    const printed = await node(`
      import { buildRtmToken, verifyAccessToken } from 'agora-session/server';
      import { SignalingEmulator } from 'agora-session/emulator';
      const project = { appId: 'a'.repeat(32), appCertificate: 'b'.repeat(32) };
      const token = buildRtmToken({ ...project, userId: 'alice', expiresInSeconds: 60 });
      const client = new (new SignalingEmulator(project).sdk.RTM)(project.appId, 'alice');
      await client.login({ token });
      await client.logout();
      console.log(verifyAccessToken(token, project).services[0].userId);
    `);
    expect(printed.trim()).toBe('alice');
  });

  it('has a command', async () => {
    const { stdout } = await run(process.execPath, [modules('agora-session/dist/cli.js'), '--help']);
    expect(stdout).toContain('Usage: agora-session');
  });

  it('has entries that exist, and types for each', async () => {
    const manifest = JSON.parse(await readFile(modules('agora-session/package.json'), 'utf8')) as {
      exports: Record<string, Record<string, string> | string>;
    };
    const files = Object.values(manifest.exports).flatMap((entry) =>
      typeof entry === 'string' ? [entry] : Object.values(entry),
    );
    expect(files.length).toBeGreaterThan(10);
    for (const file of files)
      expect((await readFile(modules(join('agora-session', file)), 'utf8')).length).toBeGreaterThan(20);
  });

  it.each(['bundler', 'nodenext', 'node10'])(
    'has types that a strict app can use with moduleResolution %s',
    async (moduleResolution) => {
      for (const name of ['agora-rtm-sdk', 'agora-rtc-sdk-ng']) {
        await symlink(join(repository, 'node_modules', name), modules(name)).catch(() => {});
      }
      const module = moduleResolution === 'nodenext' ? 'nodenext' : 'esnext';
      const old = moduleResolution === 'node10' ? { ignoreDeprecations: '6.0' } : {};
      const strict = { strict: true, noEmit: true, skipLibCheck: true, target: 'es2022', types: ['node'], ...old };
      const tsconfig = { compilerOptions: { ...strict, module, moduleResolution }, files: ['app.ts'] };
      await writeFile(join(app, 'tsconfig.json'), JSON.stringify(tsconfig));
      await writeFile(join(app, 'app.ts'), APP);
      const checked = run(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', app]);
      expect(
        await checked.then(
          () => '',
          (error: { stdout: string }) => error.stdout,
        ),
      ).toBe('');
    },
    120_000,
  );
});

const APP = `
/// <reference types="agora-session/vite/client" />
import { SessionManager, type SessionState, SessionError } from 'agora-session';
import { createTokenHandler, allowAnyone } from 'agora-session/server';
import { SignalingEmulator, serveEmulator } from 'agora-session/emulator';
import { connectEmulator } from 'agora-session/emulator/client';
import { agoraSession } from 'agora-session/vite';
import { sessionOptions } from 'virtual:agora-session';

export const ofThePage = new SessionManager({ ...sessionOptions, userId: 'alice' });
export const session = new SessionManager({ appId: '', userId: 'alice', tokens: '/tokens' });
session.on('message', (event) => event.message.length);
session.on('state', (state: SessionState) => state.status === 'failed' && state.error.code === 'DISPLACED');
export const published: Promise<unknown> = session.rtm.publish('lobby', 'hello');
export const local = new SessionManager({ appId: '', userId: 'bob', tokens: null, loadSdk: async () => connectEmulator('ws://x') });
export const handler = createTokenHandler({ appId: '', appCertificate: '', authorize: allowAnyone });
export const plugin = agoraSession();
export const served = serveEmulator(new SignalingEmulator({ appId: '' }), {});
// @ts-expect-error types that were lost would be \`any\`, and this no error
export const lost: number = session.state;
export const isOurs = (error: unknown): boolean => error instanceof SessionError;
`;

describe('a page that is built with it', () => {
  let page: BuiltPage;

  beforeAll(async () => {
    for (const name of ['agora-rtm-sdk', 'agora-rtc-sdk-ng']) {
      await symlink(join(repository, 'node_modules', name), modules(name)).catch(() => {});
    }
    page = await buildPage(app);
  }, 120_000);

  it('loads at most 14 kB at once, gzipped, with eventemitter3', () => {
    expect(gzipBytes(page.atOnce)).toBeGreaterThan(5_000);
    expect(gzipBytes(page.atOnce)).toBeLessThanOrEqual(ENTRY_LIMIT);
  });

  it('has the SDKs in chunks of their own, loaded lazily', () => {
    expect(page.sdk.length).toBeGreaterThan(0);
    expect(gzipBytes(page.sdk)).toBeGreaterThan(100_000);
    for (const chunk of [...page.atOnce, ...page.atLogin]) expect(chunk.modules.join()).not.toMatch(/agora-rt[cm]-sdk/);
  });

  it('holds no code that can sign, no Node module and no certificate', () => {
    for (const { code } of [...page.atOnce, ...page.atLogin]) {
      expect(code).not.toMatch(/createHmac|node:crypto|node:zlib|HMAC|subtle|appCertificate|deflate(?!['"`\])])/i);
      expect(code).not.toMatch(/\b[0-9a-f]{32}\b/i);
    }
  });
});
