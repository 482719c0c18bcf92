import type { TestProject } from 'vitest/node';
import { NoBrowserError } from '../../support/install.js';
import { KINDS, type Kind } from './kinds.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** Browsers that are not here and cannot be installed: their tests are skipped. */
    absentBrowsers: readonly string[];
  }
}

/** Finds or installs the browsers before any test runs. What is skipped without them is said before the tests and after them. */
export default function setup(project: TestProject): () => void {
  const absent = KINDS.flatMap(({ name, ensure }) => {
    const reason = whyAbsent(ensure);
    return reason === null ? [] : [{ name, reason }];
  });
  project.provide(
    'absentBrowsers',
    absent.map(({ name }) => name),
  );
  const tell = (): void => {
    for (const { name, reason } of absent) console.warn(`\nNOT TESTED in ${name}, skipped. ${reason}\n`);
  };
  tell();
  return tell;
}

function whyAbsent(ensure: Kind['ensure']): string | null {
  try {
    ensure();
    return null;
  } catch (error) {
    if (error instanceof NoBrowserError) return error.message;
    throw error;
  }
}
