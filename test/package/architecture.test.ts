import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8');
const filesIn = (text: string): string[] =>
  [...text.matchAll(/`((?:src|test)\/[^`]+\.ts)`/g)].map(([, file = '']) => file);
const walks = page
  .split(/^## /m)
  .filter((section) => section.startsWith('A walk'))
  .map((section) => [section.split('\n')[0] ?? '', filesIn(section)] as const);

/** Every file that is imported from `file`, directly or not, itself among them. */
function reachedFrom(file: string, reached: Set<string> = new Set()): Set<string> {
  if (reached.has(file) || !existsSync(join(ROOT, file))) return reached;
  reached.add(file);
  const source = readFileSync(join(ROOT, file), 'utf8');
  for (const [, specifier = ''] of source.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+)'/g))
    reachedFrom(normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts'), reached);
  return reached;
}

describe('docs/ARCHITECTURE.md', () => {
  it('names files that there are', () => {
    expect(filesIn(page).length).toBeGreaterThan(25);
    expect(filesIn(page).filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
  });

  it('has two walks', () => expect(walks).toHaveLength(2));

  it.each(walks)('%s: each file is imported, directly or not, from one before it', (_, files) => {
    const strays = files.filter(
      (file, at) => at > 0 && !files.slice(0, at).some((before) => reachedFrom(before).has(file)),
    );
    expect(strays).toEqual([]);
  });
});
