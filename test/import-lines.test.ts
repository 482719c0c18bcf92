import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../src', import.meta.url));

/**
 * What each room of `src/` may import, besides itself. The longest name that a file's path begins with is its room. Types of Agora's
 * SDK (`session/sdk/signaling-client`) are a room of their own, since the emulator speaks them too.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  index: [
    'session',
    'session/state',
    'session/login',
    'session/wanted',
    'session/sdk',
    'sdk-types',
    'token',
    'environment',
  ],
  session: ['session/login', 'session/wanted', 'session/sdk', 'session/state', 'sdk-types', 'token', 'environment'],
  'session/login': ['session/wanted', 'session/sdk', 'session/state', 'sdk-types', 'token', 'environment'],
  'session/wanted': ['session/sdk', 'session/state', 'sdk-types', 'token', 'environment'],
  'session/sdk': ['session/state', 'sdk-types', 'token', 'environment'],
  'session/state': ['token'],
  'sdk-types': [],
  token: ['environment'],
  environment: [],
  server: ['server/access-token', 'server/node', 'token'],
  'server/access-token': ['token'],
  'server/node': ['server'],
  emulator: ['emulator/serve', 'server/access-token', 'sdk-types', 'token', 'environment'],
  'emulator/serve': ['emulator'],
  testing: ['index', 'emulator', 'sdk-types', 'token', 'environment'],
  devtools: ['index'],
  'dev-backend': ['server', 'emulator', 'sdk-types', 'token', 'environment'],
  vite: ['dev-backend'],
  cli: ['dev-backend', 'server', 'token'],
};

/** Rooms that others enter by these files only: what apps use of them, and what this package itself does besides. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  server: ['server/index.ts', 'server/parts.ts'],
};

/** Rooms in which types still name each other. */
const CIRCLES_OF_TYPES: readonly string[] = ['server/', 'session/wanted/'];

function roomOf(file: string): string {
  if (file === 'session/sdk/signaling-client.ts') return 'sdk-types';
  const rooms = Object.keys(MAY_IMPORT).filter((room) => file === `${room}.ts` || file.startsWith(`${room}/`));
  return rooms.sort((a, b) => b.length - a.length)[0] ?? `(no room for ${file})`;
}

/** Every import of a file of ours by another, `import()` and re-exports included. */
function imports(): { from: string; to: string; outside: string[] }[] {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => file.split(sep).join('/'));
  expect(files.length).toBeGreaterThan(100);
  return files.flatMap((from) => {
    const text = readFileSync(join(SOURCE, from), 'utf8');
    const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)].map(
      ([, specifier = '']) => specifier,
    );
    const outside = specifiers.filter((specifier) => !specifier.startsWith('.'));
    const inside = specifiers.filter((specifier) => specifier.startsWith('.'));
    return inside.map((specifier) => {
      const to = relative(SOURCE, join(SOURCE, dirname(from), specifier))
        .split(sep)
        .join('/')
        .replace(/\.js$/, '.ts');
      return { from, to, outside };
    });
  });
}

describe('the rooms of src/', () => {
  it('import one way', () => {
    const wrong = imports()
      .filter(({ from, to }) => {
        const [room, other] = [roomOf(from), roomOf(to)];
        return room !== other && !MAY_IMPORT[room]?.includes(other);
      })
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  it('that have a door are entered by it', () => {
    const wrong = imports()
      .filter(({ from, to }) => {
        const [room = '', other = ''] = [from, to].map((file) => file.split('/')[0]);
        // The emulator runs in pages, where the door would bring Node along.
        const isPage = room === 'emulator' && to.startsWith('server/access-token/');
        return room !== other && !isPage && DOORS[other] !== undefined && !DOORS[other].includes(to);
      })
      .map(({ from, to }) => `${from} imports ${to}`);
    expect(wrong).toEqual([]);
  });

  it('have no files that import each other in a circle', () => {
    const all = imports();
    const open: string[] = [];
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string): void => {
      if (open.includes(file)) circles.push([...open.slice(open.indexOf(file)), file].join(' -> '));
      if (open.includes(file) || done.has(file)) return;
      open.push(file);
      for (const { from, to } of all) if (from === file) visit(to);
      open.pop();
      done.add(file);
    };
    for (const { from } of all) visit(from);
    expect(circles.filter((circle) => !CIRCLES_OF_TYPES.some((room) => circle.startsWith(room)))).toEqual([]);
  });

  it('that reach a browser use nothing of Node', () => {
    const browserRooms = ['index', 'session', 'token', 'environment', 'emulator', 'testing', 'devtools'];
    const isServer = (file: string) => roomOf(file) === 'emulator/serve' || file === 'emulator/index.ts';
    const wrong = imports().filter(
      ({ from, to, outside }) =>
        browserRooms.includes(roomOf(from).split('/')[0] ?? '') &&
        !isServer(from) &&
        (outside.some((name) => name.startsWith('node:') || name === 'ws') ||
          (isServer(to) && to !== 'emulator/serve/in-browser.ts')),
    );
    expect(wrong).toEqual([]);
  });
});
