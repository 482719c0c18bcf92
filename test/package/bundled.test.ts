import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { browserAliases } from '../../vite.config.js';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** An app that has the built package installed, as far as a bundler can see. */
let app: string;

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), 'agora-session-bundled-'));
  await mkdir(join(app, 'node_modules/agora-session'), { recursive: true });
  for (const file of ['package.json', 'dist'])
    await symlink(join(repository, file), join(app, 'node_modules/agora-session', file));
  await symlink(join(repository, 'node_modules/eventemitter3'), join(app, 'node_modules/eventemitter3'));
});
afterAll(() => rm(app, { recursive: true, force: true }));

async function page(source: string): Promise<string> {
  const file = join(app, 'page.js');
  await writeFile(file, source);
  return file;
}

/** What a page of that source loads at once, with esbuild. */
async function withEsbuild(source: string): Promise<{ code: string; warnings: string; inputs: string[] }> {
  const { outputFiles, metafile, warnings } = await esbuild.build({
    entryPoints: [await page(source)],
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    write: false,
    metafile: true,
    outdir: join(app, 'out'),
    external: ['agora-rtm-sdk'],
    preserveSymlinks: true,
    logLevel: 'silent',
    absWorkingDir: app,
  });
  const loaded = new Set<string>();
  const load = (path: string): void => {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const { kind, path: next, external } of metafile.outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !external) load(next);
    }
  };
  load('out/page.js');
  const files = outputFiles.filter(({ path }) => loaded.has(path.slice(app.length + 1)));
  const used = [...loaded].flatMap((path) => Object.entries(metafile.outputs[path]?.inputs ?? {}));
  return {
    code: files.map(({ text }) => text).join('\n'),
    warnings: JSON.stringify(warnings),
    inputs: used.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  };
}

async function withVite(source: string, alias: Record<string, string> = {}): Promise<string> {
  const input = await page(source);
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root: app,
    resolve: { alias },
    build: { write: false, rolldownOptions: { input } },
  });
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : [])) as Rolldown.OutputChunk[];
  return outputs.map(({ code = '' }) => code).join('\n');
}

const SERVER_IN_A_PAGE = "import { createTokenHandler } from 'agora-session/server';\nconsole.log(createTokenHandler);";

describe('a page that imports the server throws where it is loaded, and its build says so', () => {
  it('with esbuild', async () => {
    const { code, warnings } = await withEsbuild(SERVER_IN_A_PAGE);
    expect(code).toContain('must never reach a browser');
    expect(code).not.toContain('createHmac');
    expect(warnings).toContain('agora-session-server-must-not-run-in-browsers');
  });

  it('with Vite', async () => {
    const outcome = await withVite(SERVER_IN_A_PAGE).catch((error: Error) => error.message);
    expect(outcome).toMatch(/must never reach a browser|agora-session-server-must-not-run-in-browsers/);
  });
});

describe('who uses one thing of the package is not given the session with it', () => {
  const exported = async (): Promise<string[]> =>
    Object.keys(await import('agora-session')).filter((name) => name !== 'SessionManager');

  it('with esbuild: not the emitter, and 5.3 kB at most', async () => {
    const names = await exported();
    expect(names).toContain('SessionError');
    for (const name of names) {
      const { code, inputs } = await withEsbuild(`import { ${name} } from 'agora-session';\nconsole.log(${name});`);
      expect(inputs.join(), name).not.toMatch(/eventemitter3/);
      expect(gzipSync(code).length, name).toBeLessThan(5_300);
    }
  });

  it('and who uses nothing of it, nothing', async () => {
    const { inputs } = await withEsbuild("import 'agora-session';");
    expect(inputs).toEqual([]);
  });

  it('but the session is there for whoever wants it', async () => {
    const { inputs } = await withEsbuild(
      "import { SessionManager } from 'agora-session';\nconsole.log(SessionManager);",
    );
    expect(inputs.join()).toMatch(/eventemitter3/);
  });
});

describe('who uses one thing for tests has loaded what virtual time cannot wait for', () => {
  const aheadOf = /DecompressionStream\s*=\s*class/;

  it('with esbuild', async () => {
    const names = Object.keys(await import('agora-session/testing'));
    expect(names).toContain('VirtualClock');
    for (const name of names) {
      const { code } = await withEsbuild(`import { ${name} } from 'agora-session/testing';\nconsole.log(${name});`);
      expect(code, name).toMatch(aheadOf);
    }
  });

  it('with Vite, from the sources too', async () => {
    const clock = "import { VirtualClock } from 'agora-session/testing';\nconsole.log(VirtualClock);";
    expect(await withVite(clock)).toMatch(aheadOf);
    const testing = join(repository, 'src/testing/index.ts');
    expect(await withVite(clock.replace('agora-session/testing', testing), browserAliases)).toMatch(aheadOf);
  });
});

it('is found by a bundler that looks at `main` alone', async () => {
  const { main } = JSON.parse(await readFile(join(repository, 'package.json'), 'utf8')) as { main: string };
  const { EventEmitter } = await import('eventemitter3');
  const { SessionManager } = (await import(
    join(dirname(join(repository, 'package.json')), main)
  )) as typeof import('agora-session');
  expect(SessionManager.prototype).toBeInstanceOf(EventEmitter);
});
