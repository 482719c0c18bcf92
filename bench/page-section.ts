import { readFileSync, writeFileSync } from 'node:fs';
import type { Report } from './report.js';

const PAGE = new URL('../docs/benchmarks.md', import.meta.url);

/**
 * Puts a section between the page's markers of that name.
 *
 * @returns null where the text has no such markers
 */
export function insertSection(text: string, name: string, section: string): string | null {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) return null;
  return `${text.slice(0, from + begin.length)}\n\n${section}\n\n${text.slice(to)}`;
}

/** What the page of benchmarks has between the markers of that name. */
export function pageSectionOf(name: string): string {
  const text = readFileSync(PAGE, 'utf8');
  return text.slice(text.indexOf(`<!-- ${name}:begin -->`), text.indexOf(`<!-- ${name}:end -->`));
}

/** Writes a section into the page of benchmarks. */
export function writePageSection(name: string, section: string): void {
  const text = insertSection(readFileSync(PAGE, 'utf8'), name, section);
  if (text === null) throw new Error(`docs/benchmarks.md has no place marked for ${name}.`);
  writeFileSync(PAGE, text);
}

/** One report as Markdown. */
export function reportSection(title: string, { rows, goals }: Report): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const line = (cells: readonly unknown[]): string => `| ${cells.map((cell) => cell ?? '').join(' | ')} |`;
  return [
    `**${title}**`,
    '',
    line(names),
    line(names.map((name) => (rows.every((row) => typeof row[name] === 'string') ? ':--' : '--:'))),
    ...rows.map((row) => line(names.map((name) => row[name]))),
    '',
    ...goals.map(({ text, met }) => `- ${met ? 'met' : 'missed'}: ${text}`),
  ].join('\n');
}
