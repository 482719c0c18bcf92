import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

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
