import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** README and the pages of the site, by their paths from the repository's root; what is for this repository's developers is not among them. */
export function pages(): ReadonlyMap<string, string> {
  const paths = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        path.endsWith('.md') &&
        !/^(ARCHITECTURE|deviations|mutation-survivors|api\/|reference\/api\/|\.vitepress)/.test(path),
    )
    .map((path) => `docs/${path}`);
  return new Map(['README.md', ...paths].map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/** A block of code in a page. */
export interface Block {
  readonly page: string;
  /** Its number in the page, from 1. */
  readonly nth: number;
  readonly language: string;
  readonly source: string;
}

/** All blocks of code in all pages. */
export function blocks(): Block[] {
  return [...pages()].flatMap(([page, text]) =>
    [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', source = ''], index) => {
      return { page, nth: index + 1, language, source };
    }),
  );
}

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
