import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readText } from '../../dev-backend/env-files.js';
import { UsageError } from '../usage-error.js';

/** What a directory says about the project in it. */
export interface Project {
  readonly directory: string;
  /** Everything that it depends on, for development too. */
  readonly dependencies: ReadonlySet<string>;
  readonly typescript: boolean;
  /** Whether a `.js` file is an ES module. */
  readonly modules: boolean;
  has(path: string): boolean;
}

/** A file to write. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Reads the project of a directory.
 *
 * @throws UsageError where there is none, or its manifest cannot be understood.
 */
export function readProject(directory: string): Project {
  const manifest = readManifest(directory);
  const has = (path: string): boolean => existsSync(join(directory, path));
  return {
    directory,
    dependencies: new Set([...namesIn(manifest.dependencies), ...namesIn(manifest.devDependencies)]),
    typescript: has('tsconfig.json'),
    modules: manifest.type === 'module',
    has,
  };
}

/**
 * Writes a file unless there is one already, with the folders that it is in.
 *
 * @returns whether it was written.
 */
export function writeNew({ directory }: Project, { path, text }: ProjectFile): boolean {
  const target = join(directory, path);
  mkdirSync(dirname(target), { recursive: true });
  try {
    writeFileSync(target, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** The text of a file; empty where there is none. */
export function textOf({ directory }: Project, path: string): string {
  return readText(join(directory, path)) ?? '';
}

function readManifest(directory: string): Readonly<Record<string, unknown>> {
  const text = readText(join(directory, 'package.json'));
  if (text === null) throw new UsageError('There is no package.json here: run it in the folder of the app.');
  try {
    return Object(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError('package.json is not JSON.');
    throw error;
  }
}

function namesIn(dependencies: unknown): string[] {
  return Object.keys(Object(dependencies));
}
