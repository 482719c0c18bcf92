import { describe, expect, it } from 'vitest';
import { doctorCommand } from '../../src/cli/doctor-command.js';
import { execCommand } from '../../src/cli/exec-command.js';
import { initCommand } from '../../src/cli/init-command.js';
import { inspectCommand } from '../../src/cli/inspect-command.js';
import { serveCommand } from '../../src/cli/serve-command.js';
import type { Command } from '../../src/cli/terminal.js';
import { tokenCommand } from '../../src/cli/token-command.js';
import { allMemberNames, cell, type Described, exportsOf, membersOf, program } from './described.js';
import { expectSection } from './markdown.js';
import { pages } from './pages.js';

const DEVTOOLS = 'src/devtools/index.ts';
const compiled = program(['src/index.ts', DEVTOOLS]);

const table = (head: string, rows: readonly (readonly string[])[]): string =>
  [head, head.replace(/[^|]+/g, '---'), ...rows.map((row) => `| ${row.join(' | ')} |`)].join('\n');
const members = (name: string, entry?: string): string =>
  table(
    '| name | what it is |',
    membersOf(compiled, name, entry).map(({ name: member, optional, text }) => [
      `\`${member}\``,
      cell(optional ? text : `**Required.** ${text}`),
    ]),
  );
const options: readonly string[] = [
  'SessionManagerOptions',
  'LoginOptions',
  'WhenStateOptions',
  'QueueOptions',
  'RefreshPolicy',
  'RetryPolicy',
  'HttpTokenSourceOptions',
  'HttpOptions',
  'SingleTokenSourceOptions',
];
const firstSentence = ({ text }: Described): string => /^.*?[.:](?= |$)/.exec(text)?.[0] ?? text;

describe('the reference, as the sources have it (UPDATE_DOCS=1 writes it)', () => {
  it.each(options)('has the options of %s', (name) => {
    expect(membersOf(compiled, name).filter(({ text }) => text === '')).toEqual([]);
    expectSection(
      'docs/reference/options.md',
      name,
      members(name).replaceAll('**Required.** ', /Policy$/.test(name) ? '' : '**Required.** '),
    );
  });

  it('has the session’s own events', () => {
    expectSection(
      'docs/reference/events.md',
      'SessionEvents',
      members('SessionEvents').replaceAll('**Required.** ', ''),
    );
  });

  it('has the properties of the devtools’ element', () => {
    const name = 'AgoraSessionDevtools';
    expect(membersOf(compiled, name, DEVTOOLS).map((member) => member.name)).toContain('clock');
    expectSection('docs/reference/devtools.md', name, members(name, DEVTOOLS).replaceAll('**Required.** ', ''));
  });

  it('has every export of agora-session', () => {
    const rows = exportsOf(compiled)
      .toSorted((a, b) => a.name.localeCompare(b.name, 'en'))
      .map((one) => [`\`${one.name}\``, one.kind, cell(firstSentence(one))]);
    expectSection('docs/reference/exports.md', 'exports', table('| name | kind | what it is |', rows));
  });

  it.each<[string, Command]>([
    ['token', tokenCommand],
    ['inspect', inspectCommand],
    ['serve', serveCommand],
    ['exec', execCommand],
    ['doctor', doctorCommand],
    ['init', initCommand],
  ])('has the help of %s', (name, { help }) => {
    expectSection('docs/reference/cli.md', name, `\`\`\`text\n${help}\n\`\`\``);
  });
});

describe('README', () => {
  const readme = pages().get('README.md') ?? '';

  it('has fewer than 150 lines', () => {
    expect(readme.trimEnd().split('\n').length).toBeLessThan(150);
  });

  it('links to pages that are there, to every one of the guides', () => {
    const linked = [...readme.matchAll(/\]\((docs\/[^)#]+)/g)].map(([, path = '']) => path);
    expect(linked.filter((path) => !pages().has(path))).toEqual([]);
    const guides = [...pages().keys()].filter((path) => path.startsWith('docs/guides/'));
    expect(linked).toEqual(expect.arrayContaining(guides));
  });
});

describe('in the text of the pages one finds', () => {
  const text = [...pages().values()].join('\n');
  const isFound = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);

  it('every export', () => {
    const names = exportsOf(compiled).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter((name) => !isFound(name))).toEqual([]);
  });

  it('every event, the SDK’s too', () => {
    const names = allMemberNames(compiled, 'SessionEvents');
    expect(names).toContain('presence');
    expect(names.filter((name) => !isFound(name))).toEqual([]);
  });

  it.each(options)('every option of %s', (name) => {
    expect(allMemberNames(compiled, name).filter((option) => !isFound(option))).toEqual([]);
  });
});
