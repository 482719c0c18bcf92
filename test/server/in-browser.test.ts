import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, Record<string, string>>;
};

test('what a browser gets in the place of the server says at once that it is in the wrong place', async () => {
  await expect(import('../../src/server/in-browser.js')).rejects.toThrow('must never reach a browser');
});

test('bundlers for browsers find that before the real one', () => {
  const conditions = Object.keys(manifest.exports['./server'] ?? {});
  expect(conditions.indexOf('browser')).toBeGreaterThanOrEqual(0);
  expect(conditions.indexOf('browser')).toBeLessThan(conditions.indexOf('default'));
});
