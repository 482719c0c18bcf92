import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  version?: string;
  integrity?: string;
  resolved?: string;
  libc?: readonly string[];
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const { packages } = JSON.parse(readFileSync(new URL('../../package-lock.json', import.meta.url), 'utf8')) as {
  packages: Record<string, LockedPackage>;
};
const installed = Object.entries(packages).filter(([path]) => path !== '');

/** Where Node would find `name` from `path`: in the package's own folder first, then in each one around it. */
function isLocked(path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (packages[folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

describe('the lock file', () => {
  it('has every dependency of every package, those of other platforms too, so that `npm ci` works on each', () => {
    expect(installed.length).toBeGreaterThan(300);
    const lacking = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies })
        .filter((name) => !isLocked(path, name))
        .map((name) => `${path} needs ${name}`),
    );
    expect(lacking).toEqual([]);
  });

  it('says of each package what it must hold', () => {
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-')).map(([path]) => path)).toEqual(
      [],
    );
  });

  it('names no registry: packages come from the one that npm is set to', () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  // `npm install` of npm 10, which comes with Node 20 and 22, takes this field out; npm 11 leaves its absence alone.
  it('says nothing of `libc`, so that no npm rewrites it at an install', () => {
    expect(installed.filter(([, { libc }]) => libc !== undefined).map(([path]) => path)).toEqual([]);
  });
});
