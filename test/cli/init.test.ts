import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import ts from 'typescript';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FRAMEWORKS } from '../../src/cli/init/frameworks.js';
import { appCertificate, appId } from '../server/official-tokens.js';
import { freePort } from '../support/free-port.js';
import { runCli } from './run-cli.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const LOADER = import.meta.resolve('tsx');

// Within the repository, so that what is written finds its framework and this package.
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(root, 'test', 'cli', '.app-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Puts files into the app. */
function app(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
}
const manifest = (...dependencies: string[]) =>
  JSON.stringify({ type: 'module', dependencies: Object.fromEntries(dependencies.map((name) => [name, '*'])) });
const read = (path: string) => readFileSync(join(directory, path), 'utf8');

interface Written {
  readonly framework: string;
  readonly files: readonly { path: string; written: boolean }[];
  readonly next: readonly string[];
}

async function init(...args: string[]): Promise<Written> {
  const { code, stdout, stderr } = await runCli(['init', '--json', ...args], { directory });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as Written;
}

const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile).config,
  ts.sys,
  root,
);
/** As strict as this repository, without what only a library needs. */
const appOptions = { ...options, isolatedDeclarations: false, declaration: false, types: ['node'] };
/** Reads what every app has in common, such as the types of Node, once. */
const host = ts.createCompilerHost(appOptions);
const parsed = new Map<string, ts.SourceFile | undefined>();
const { getSourceFile } = host;
host.getSourceFile = (name, ...rest) => {
  if (!parsed.has(name)) parsed.set(name, getSourceFile(name, ...rest));
  return parsed.get(name);
};

/** What TypeScript says of a file, beside declarations that a framework makes. */
function typeErrors(path: string, ...declarations: string[]): string[] {
  const files = [path, ...declarations].map((file) => join(directory, file));
  const program = ts.createProgram(files, appOptions, host);
  const file = program.getSourceFile(join(directory, path));
  if (!file) throw new Error(`${path} was not written.`);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, ' '),
  );
}

/** Starts an app's server; answers what it says to a request for alice's tokens. */
async function askServer(server: string): Promise<unknown> {
  const port = await freePort();
  const env = {
    PATH: process.env.PATH,
    AGORA_APP_ID: appId,
    AGORA_APP_CERTIFICATE: appCertificate,
    PORT: String(port),
  };
  const tsconfig = join(root, 'tsconfig.json');
  const child = spawn(process.execPath, ['--import', LOADER, server], {
    cwd: directory,
    env: { ...env, TSX_TSCONFIG_PATH: tsconfig },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  try {
    const url = `http://localhost:${port}/api/agora/tokens`;
    await vi.waitFor(() => fetch(url), { timeout: 30_000, interval: 100 });
    const body = JSON.stringify({ userId: 'alice', signaling: true, channels: ['stage'] });
    return await (await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json();
  } finally {
    child.kill();
  }
}

const PORT = 'Number(process.env.PORT)';
/** An app of each framework, with the line that `init` tells to add. */
const SERVERS: Readonly<Record<string, (path: string, line: string) => string>> = {
  express: (path, line) => `import express from 'express';
    import { agoraTokens } from './${path}';
    const app = express(); app.use(express.json()); ${line} app.listen(${PORT});`,
  fastify: (path, line) => `import fastify from 'fastify';
    import { agoraTokens } from './${path}';
    const app = fastify(); ${line} await app.listen({ port: ${PORT} });`,
  hono: (path, line) => `import { createServer } from 'node:http';
    import { toNodeListener } from 'agora-session/server';
    import { Hono } from 'hono';
    import { agoraTokens } from './${path}';
    const app = new Hono(); ${line}
    createServer(toNodeListener(async (request) => app.fetch(request))).listen(${PORT});`,
};

const granted = {
  userId: 'alice',
  signaling: { token: expect.stringMatching(/^007/), expiresIn: 3600 },
  channels: { stage: { token: expect.stringMatching(/^007/), expiresIn: 3600 } },
};

/** The variables of a project, in this process. */
function withProject(): void {
  vi.stubEnv('AGORA_APP_ID', appId);
  vi.stubEnv('AGORA_APP_CERTIFICATE', appCertificate);
}

/** A request for alice's tokens, as a session sends it. */
function askingForTokens(): Request {
  const body = JSON.stringify({ userId: 'alice', signaling: true, channels: ['stage'] });
  const headers = { 'content-type': 'application/json' };
  return new Request('http://localhost:3000/api/agora/tokens', { method: 'POST', headers, body });
}

describe('what agora-session init writes', () => {
  test.each(
    ['express', 'fastify', 'hono'].flatMap((name) => [
      [name, 'TypeScript', { 'tsconfig.json': '{}' }, 'agora-tokens.ts'] as const,
      [name, 'JavaScript', {}, 'agora-tokens.js'] as const,
    ]),
  )('for %s in %s type-checks and serves tokens', { timeout: 90_000 }, async (name, _language, files, path) => {
    app({ 'package.json': manifest('agora-session', name), ...files });
    const { framework, next } = await init();
    expect(framework).toBe(name);
    const [, line = ''] = /^Mount it: import .*?; (.*)$/.exec(next[0] ?? '') ?? [];
    const server = `server.${path.endsWith('.ts') ? 'ts' : 'js'}`;
    app({ [server]: SERVERS[name]?.(path.replace('.ts', '.js'), line) ?? '' });
    if (path.endsWith('.ts')) expect([...typeErrors(path), ...typeErrors(server)]).toEqual([]);
    expect(await askServer(server)).toEqual(granted);
  });

  test.each([
    ['TypeScript', { 'tsconfig.json': '{}' }, 'app/api/agora/tokens/route.ts'],
    ['JavaScript', {}, 'app/api/agora/tokens/route.js'],
    ['a folder src', { 'tsconfig.json': '{}', 'src/app/page.tsx': '' }, 'src/app/api/agora/tokens/route.ts'],
  ])('for Next.js in %s type-checks and serves tokens', async (_name, files, path) => {
    app({ 'package.json': manifest('next', 'express'), ...files });
    expect((await init()).files).toEqual([
      { path, written: true },
      { path: '.env.example', written: true },
    ]);
    if (path.endsWith('.ts')) expect(typeErrors(path)).toEqual([]);
    withProject();
    const { POST, OPTIONS } = await import(/* @vite-ignore */ join(directory, path));
    const response: Response = await POST(askingForTokens());
    expect([await response.json(), OPTIONS]).toEqual([granted, POST]);
    vi.unstubAllEnvs();
  });

  test.each([
    ['TypeScript', { 'tsconfig.json': '{}' }, 'src/routes/api/agora/tokens/+server.ts'],
    ['JavaScript', {}, 'src/routes/api/agora/tokens/+server.js'],
  ])('for SvelteKit in %s type-checks and serves tokens', async (_name, files, path) => {
    app({ 'package.json': manifest('@sveltejs/kit', 'vite'), ...files });
    const { framework, files: written } = await init();
    expect([framework, written[0]]).toEqual(['sveltekit', { path, written: true }]);
    // What SvelteKit makes for an app, in its words.
    app({
      'ambient.d.ts':
        "declare module '$env/dynamic/private' { export const env: { [name: string]: string | undefined }; }",
      [join(dirname(path), '$types.d.ts')]:
        'export type RequestHandler = (event: { request: Request }) => Response | Promise<Response>;',
      'env.js': 'export const env = process.env;',
    });
    if (path.endsWith('.ts')) expect(typeErrors(path, 'ambient.d.ts')).toEqual([]);
    withProject();
    const outfile = join(directory, 'built.mjs');
    const alias = { '$env/dynamic/private': join(directory, 'env.js') };
    const tsconfig = join(root, 'tsconfig.json');
    const how = { bundle: true, platform: 'node', format: 'esm', target: 'node20' } as const;
    await build({ ...how, entryPoints: [join(directory, path)], outfile, alias, tsconfig, external: ['ws'] });
    const { POST, OPTIONS } = await import(/* @vite-ignore */ outfile);
    const response: Response = await POST({ request: askingForTokens() });
    expect([await response.json(), OPTIONS]).toEqual([granted, POST]);
    vi.unstubAllEnvs();
  });

  test.each([
    ['TypeScript', { 'tsconfig.json': '{}' }, 'server/api/agora/tokens.ts'],
    ['JavaScript', {}, 'server/api/agora/tokens.js'],
  ])('for Nuxt in %s type-checks and serves tokens', async (_name, files, path) => {
    app({ 'package.json': manifest('nuxt'), ...files });
    const { framework, files: written } = await init();
    expect([framework, written[0]]).toEqual(['nuxt', { path, written: true }]);
    // What Nuxt imports into every route by itself.
    app({
      'imports.d.ts': `declare const defineEventHandler: <Answer>(handler: (event: { request: Request }) => Answer) => typeof handler;
        declare const toWebRequest: (event: { request: Request }) => Request;`,
    });
    vi.stubGlobal('defineEventHandler', (handler: unknown) => handler);
    vi.stubGlobal('toWebRequest', ({ request }: { request: Request }) => request);
    if (path.endsWith('.ts')) expect(typeErrors(path, 'imports.d.ts')).toEqual([]);
    withProject();
    const { default: handler } = await import(/* @vite-ignore */ join(directory, path));
    const response: Response = await handler({ request: askingForTokens() });
    expect(await response.json()).toEqual(granted);
    vi.unstubAllEnvs();
    vi.unstubAllGlobals();
  });

  test.each([
    ['TypeScript', { 'tsconfig.json': '{}' }, 'vite.config.ts'],
    ['JavaScript', {}, 'vite.config.js'],
  ])('for Vite in %s type-checks and gives the development server its endpoint', async (_name, files, path) => {
    app({ 'package.json': manifest('vite'), ...files });
    expect((await init()).files[0]).toEqual({ path, written: true });
    if (path.endsWith('.ts')) expect(typeErrors(path)).toEqual([]);
    const { default: config } = await import(/* @vite-ignore */ join(directory, path));
    const { createServer } = await import('vite');
    const server = await createServer({ ...config, configFile: false, root: directory, server: { port: 0 } });
    await server.listen();
    const response = await fetch(`${server.resolvedUrls?.local[0]}api/agora/config`);
    expect(await response.json()).toMatchObject({ emulator: true });
    await server.close();
  });

  test('is refused in production until a sign-in is put in', async () => {
    app({ 'package.json': manifest('express'), 'tsconfig.json': '{}' });
    await init();
    for (const [name, value] of Object.entries({
      AGORA_APP_ID: appId,
      AGORA_APP_CERTIFICATE: appCertificate,
      NODE_ENV: 'production',
    }))
      vi.stubEnv(name, value);
    await expect(import(/* @vite-ignore */ join(directory, 'agora-tokens.ts'))).rejects.toThrow(
      /allowAnyone is refused/,
    );
    vi.unstubAllEnvs();
  });
});

describe('agora-session init', () => {
  test('overwrites nothing, and says what it left', async () => {
    const theirs = { 'agora-tokens.js': '// mine', '.env.example': 'PORT=3000\n' };
    app({ 'package.json': manifest('express'), ...theirs });
    const { files, next } = await init();
    expect(files.map(({ written }) => written)).toEqual([false, false]);
    for (const [path, text] of Object.entries(theirs)) expect(read(path)).toBe(text);
    expect(next).toContain('Add AGORA_APP_ID and AGORA_APP_CERTIFICATE to .env.example.');
    expect((await runCli(['init'], { directory })).stdout).toContain('kept   agora-tokens.js, which is there already');
  });

  test('says which line a Vite configuration needs that is there', async () => {
    app({ 'package.json': manifest('vite'), 'vite.config.mts': 'export default {};' });
    const { files, next } = await init();
    expect(files[0]).toEqual({ path: 'vite.config.mts', written: false });
    expect(next[0]).toContain("import { agoraSession } from 'agora-session/vite'");
  });

  test('says what is left to do, and no more', async () => {
    app({ 'package.json': manifest('express') });
    const bare = (await init()).next.join('\n');
    expect(bare).toContain('npm install agora-session');
    expect(bare).toContain('Add .env to .gitignore');
    app({ 'package.json': manifest('express', 'agora-session'), '.gitignore': 'node_modules\n.env\n' });
    const rest = (await init()).next.join('\n');
    expect(rest).not.toMatch(/npm install|gitignore/);
  });

  test.each<[string, boolean]>([
    ['.env', true],
    ['/.env\r\n', true],
    ['**/.env', true],
    ['*.env', true],
    ['.env*\n!.env.example', true],
    ['.env.*', false],
    ['.env*.local', false],
    ['# .env', false],
    ['.env\n!.env', false],
  ])('sees whether .env is left out of the repository: %j', async (text, ignored) => {
    app({ 'package.json': manifest('express'), '.gitignore': text });
    expect((await init()).next.includes('Add .env to .gitignore.')).toBe(!ignored);
  });

  test('reads files in UTF-16, as PowerShell writes them, and names a folder in the place of one', async () => {
    app({ 'package.json': '' });
    writeFileSync(join(directory, 'package.json'), Buffer.from(`\uFEFF${manifest('express')}`, 'utf16le'));
    expect((await init()).framework).toBe('express');
    rmSync(join(directory, 'package.json'));
    app({ 'package.json/a': '' });
    const finished = await runCli(['init'], { directory });
    expect(finished).toMatchObject({ code: 1, stderr: expect.stringContaining(join(directory, 'package.json')) });
  });

  test('writes variables without values, which are read as none', async () => {
    app({ 'package.json': manifest('express') });
    await init();
    expect(read('.env.example')).toMatch(/^AGORA_APP_ID=\n[^=]*^AGORA_APP_CERTIFICATE=\n$/m);
  });

  test.each(FRAMEWORKS.map(({ name }) => name))('is told to write for %s', async (name) => {
    app({ 'package.json': manifest() });
    const { framework, files } = await init('--framework', name);
    expect([framework, files.every(({ written }) => written)]).toEqual([name, true]);
  });

  test.each<[Record<string, string>, string[], RegExp]>([
    [{}, [], /no package\.json/],
    [{ 'package.json': '{' }, [], /not JSON/],
    [{ 'package.json': '{}' }, [], /depends on none of next, nuxt/],
    [{ 'package.json': '{}' }, ['--framework', 'rails'], /must be one of next/],
  ])('with %j and %j says what is missing', async (files, args, text) => {
    app(files);
    const finished = await runCli(['init', ...args], { directory });
    expect(finished).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(text) });
  });
});
