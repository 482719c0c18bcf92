import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** What the emulator does in process, the same tests as everywhere, as one file that Jest takes and that imports the installed package. */
export async function jestStories(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [file('../emulator/stories.ts')],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    external: ['agora-session', '@jest/globals'],
    alias: { vitest: '@jest/globals' },
    // The repository's own: its paths lead to the sources, and its package.json says that files do nothing when they are imported.
    tsconfigRaw: {},
    ignoreAnnotations: true,
  });
  return outputFiles.map(({ text }) => text).join('');
}
