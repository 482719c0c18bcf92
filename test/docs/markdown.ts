import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Demands that a page has this between its markers of that name; with UPDATE_DOCS=1 it is written there. */
export function expectSection(page: string, name: string, section: string): void {
  const path = join(root, page);
  const text = readFileSync(path, 'utf8');
  const [begin, end] = [`<!-- ${name}:begin -->\n`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  expect(from, `${page} has markers of ${name}`).toBeGreaterThan(-1);
  const written = `${begin}${section}\n`;
  if (process.env.UPDATE_DOCS) writeFileSync(path, text.slice(0, from) + written + text.slice(to));
  else expect(text.slice(from, to)).toBe(written);
}

/** What a page has between its markers of that name. */
export function sectionOf(page: string, name: string): string {
  const text = readFileSync(join(root, page), 'utf8');
  return text
    .slice(text.indexOf(`<!-- ${name}:begin -->`), text.indexOf(`<!-- ${name}:end -->`))
    .split('\n')
    .slice(1)
    .join('\n')
    .trim();
}
