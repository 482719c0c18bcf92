import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface Manifest {
  main?: string;
  types?: string;
  typesVersions?: Record<string, Record<string, string[]>>;
  sideEffects?: string[];
  bin: Record<string, string>;
  exports: Record<string, Record<string, string> | string>;
}

const root = new URL('../../', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as Manifest;
const entries = Object.entries(manifest.exports).flatMap(([subpath, entry]) =>
  typeof entry === 'string' || !entry.types ? [] : [{ subpath, types: entry.types, code: entry.default }],
);

// Whoever resolves as Node did before `exports` looks at these fields: TypeScript with `"module": "commonjs"`, Parcel 2.
describe('a resolver that does not know `exports` finds', () => {
  it.each(entries)('the types of $subpath', ({ subpath, types }) => {
    const found = subpath === '.' ? manifest.types : manifest.typesVersions?.['*']?.[subpath.replace('./', '')]?.[0];
    expect(found).toBe(types);
  });

  it('the main entry', () => {
    expect(manifest.main).toBe(entries.find(({ subpath }) => subpath === '.')?.code);
  });
});

describe('`sideEffects` names each file that is there to be run, or bundlers would drop it', () => {
  const guard = Object.values(manifest.exports['./server'] ?? {}).find((file) => /browser/.test(file)) ?? '';

  it('the file that browsers get for the server, whose name says why', () => {
    expect(manifest.sideEffects).toContain(guard);
    expect(guard).toMatch(/agora-session-server-must-not-run-in-browsers/);
  });

  it('the commands', () => {
    expect(manifest.sideEffects).toEqual(expect.arrayContaining(Object.values(manifest.bin)));
  });

  it('and nothing that the build does not make', () => {
    for (const file of manifest.sideEffects ?? []) expect(existsSync(new URL(file, root)), file).toBe(true);
  });
});
