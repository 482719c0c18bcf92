import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { blocksOf } from '../docs/pages.js';

/** What a reader does with one block: writes a file, or gives a command to the shell. */
export type Step =
  | { readonly do: 'write'; readonly file: string; readonly text: string }
  | { readonly do: 'run'; readonly command: string };

/**
 * What a page tells its reader to do, in order. A block whose paragraph begins with a file's name is that file; other blocks of shell are
 * commands, one a line. Anything else is an example to read, such as another way of writing a file.
 *
 * @param heading the part of the page that is meant; default: all of it
 */
export function stepsOf(page: string, heading?: string): Step[] {
  const text = textOf(page);
  const part = heading ? new RegExp(`^## ${heading}\n.*?(?=^## )`, 'ms').exec(text)?.[0] : text;
  if (!part) throw new Error(`${page} has no part "${heading}".`);
  return blocksOf(page, part).flatMap(({ file, language, source }): Step[] => {
    if (file) return [{ do: 'write', file, text: source }];
    if (language !== 'sh') return [];
    return source
      .trim()
      .split('\n')
      .map((command) => ({ do: 'run', command }));
  });
}

/** The text of a page. */
export function textOf(page: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${page}`, import.meta.url)), 'utf8');
}
