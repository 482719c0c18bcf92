import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

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
  /** The file that it is: the one with whose name the paragraph above it begins. Null where it is none. */
  readonly file: string | null;
}

const FILE_NAME = /^`([\w./-]*\.(?:tsx?|m?js|html|env(?:\.local)?))`.*:$/s;

/** The blocks of a page, or of a part of it. */
export function blocksOf(page: string, text: string): Block[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ 1: language = '', 2: source = '', index }, nth) => {
    const above = text.slice(0, index).trimEnd().split('\n\n').at(-1) ?? '';
    return { page, nth: nth + 1, language, source, file: FILE_NAME.exec(above)?.[1] ?? null };
  });
}

/** All blocks of code in all pages. */
export function blocks(): Block[] {
  return [...pages()].flatMap(([page, text]) => blocksOf(page, text));
}
