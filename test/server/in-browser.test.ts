import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import * as server from '../../src/server/index.js';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, Record<string, string>>;
};

/** The file of an entry for a runtime or bundler: that of the first condition which it knows. */
function fileFor(entry: string, ...conditions: string[]): string | undefined {
  const known = Object.entries(manifest.exports[entry] ?? {});
  return known.find(([condition]) => condition === 'default' || conditions.includes(condition))?.[1];
}

test.each([
  ['in-browser', 'must never reach a browser'],
  ['needs-node-crypto', 'runtime = '],
])('what is got in the place of the server says at once why: %s', async (file, text) => {
  await expect(import(`../../src/server/${file}.ts`)).rejects.toThrow(text);
});

test('what is got where node:crypto is missing has each name of the server, or a build would say no more than that one is missing', async () => {
  const names = Object.keys(server);
  const resolveDir = fileURLToPath(new URL('../../src/server', import.meta.url));
  const contents = `import { ${names.join(', ')} } from './needs-node-crypto.js'; console.log(${names.join(', ')});`;
  const built = await build({
    stdin: { contents, resolveDir },
    bundle: true,
    write: false,
    logLevel: 'silent',
    format: 'esm',
  });
  expect([names.length > 10, built.errors, built.outputFiles[0]?.text.includes('runtime = ')]).toEqual([
    true,
    [],
    true,
  ]);
});

describe.each(['./server', './vite'])('%s', (entry) => {
  test.each([
    ['a bundler for browsers', ['browser', 'import', 'module']],
    ['a bundler for web workers', ['worker', 'browser', 'import', 'module']],
  ])('is not given to %s', (_name, conditions) => {
    expect(fileFor(entry, ...conditions)).toMatch(/in-browser/);
  });

  test.each([
    ['Node', ['node', 'import']],
    ['Node with require()', ['node', 'require', 'module-sync']],
    ['Deno', ['deno', 'node', 'import']],
  ])('is given to %s', (_name, conditions) => {
    expect(fileFor(entry, ...conditions)).toMatch(/\/(server|vite)\.js$/);
  });
});

test('Cloudflare Workers are given the server, although their bundlers also say "browser"', () => {
  expect(fileFor('./server', 'workerd', 'worker', 'browser')).toMatch(/\/server\.js$/);
});

test('the edge runtime of Next.js is no browser: it is told that it needs node:crypto', () => {
  expect(fileFor('./server', 'edge-light', 'worker', 'browser', 'import', 'webpack')).toMatch(/needs-node-crypto/);
});
