import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { afterAll, beforeAll, expect, it } from 'vitest';

const run = promisify(execFile);
const repository = fileURLToPath(new URL('../..', import.meta.url));

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agora-session-shape-'));
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { stdout } = await run('npm', pack, { cwd: repository });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  tarball = join(folder, filename);
  await run('tar', ['-xzf', tarball, '-C', folder]);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('the packed package is as publint asks, suggestions included', async () => {
  const { messages } = await publint({ pkgDir: join(folder, 'package'), pack: false, strict: true });
  expect(messages).toEqual([]);
});

// A CommonJS module gets it by `require()` of a module, as Node 20.19 and newer can, or by `import()`.
it('its types are right for every way to resolve them, but for CommonJS before Node 20.19', async () => {
  const checked = await checkPackage(createPackageFromTarballData(await readFile(tarball)));
  if (!checked.types) throw new Error('The package has no types.');
  expect(Object.keys(checked.entrypoints)).toContain('./emulator/client');
  const esmOnly = { kind: 'CJSResolvesToESM', resolutionKind: 'node16-cjs' };
  expect(checked.problems.filter((problem) => !isLike(problem, esmOnly))).toEqual([]);
}, 60_000);

function isLike(problem: object, expected: object): boolean {
  return Object.entries(expected).every(([key, value]) => Reflect.get(problem, key) === value);
}
