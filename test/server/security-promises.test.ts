import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const section = /## What is promised\n(.*?)\n## /s.exec(read('SECURITY.md'))?.[1] ?? '';
const promises = [...section.matchAll(/^\| (?!promise|-)(.+?) \| (.*) \|$/gm)].map(([, promise, proof]) => [
  promise,
  proof,
]);

describe('SECURITY.md names a test that there is for each promise:', () => {
  test.each(promises)('%s', (_promise, proof = '') => {
    const [, file = '', title = ''] = /^`(test\/[\w./-]+)`: "(.+)"$/.exec(proof) ?? [];
    expect(read(file)).toContain(title);
  });

  test('all of them', () => {
    expect(promises.length).toBeGreaterThan(25);
  });
});
