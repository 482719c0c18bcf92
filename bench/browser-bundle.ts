import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build, type Rolldown } from 'vite';
import { sourceAliases } from '../vite.config.js';
import type { Benchmark } from './report.js';

/** A file that a page's build gives, with its size as it goes over the wire. */
export interface BuiltChunk {
  readonly code: string;
  readonly gzipBytes: number;
  /** The package's own modules in it, by path. */
  readonly modules: readonly string[];
}

/** What a page that uses `agora-session` consists of, by when it is loaded. */
export interface BuiltPage {
  /** With the page: everything that `agora-session` exports, with eventemitter3. */
  readonly atOnce: readonly BuiltChunk[];
  /** With the first login: the session's engine. */
  readonly atLogin: readonly BuiltChunk[];
  /** With the first login, too: Agora's SDKs. */
  readonly sdk: readonly BuiltChunk[];
}

const PAGE = `export * from 'agora-session';`;
/** What may be loaded with a page: 14 kB, gzipped. */
export const ENTRY_LIMIT = 14_000;

/** Builds a page with Vite as an app would, in memory. Without `root` from this repository's sources, else from what is installed there. */
export async function buildPage(root?: string): Promise<BuiltPage> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root: root ?? fileURLToPath(new URL('..', import.meta.url)),
    resolve: { alias: root ? {} : sourceAliases },
    plugins: [
      {
        name: 'page',
        resolveId: (id) =>
          id === 'virtual:page' ? `${root ?? fileURLToPath(new URL('..', import.meta.url))}/virtual-page.js` : null,
        load: (id) => (id.endsWith('/virtual-page.js') ? PAGE : null),
      },
    ],
    build: {
      write: false,
      target: 'es2022',
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: { input: 'virtual:page', preserveEntrySignatures: 'strict' },
    },
  });
  const outputs = [result].flat().flatMap((one) => ('output' in one ? one.output : []));
  const chunks = outputs.filter((output) => output.type === 'chunk');
  return sortChunks(chunks);
}

function sortChunks(chunks: readonly Rolldown.OutputChunk[]): BuiltPage {
  const atOnce = loadedAtOnce(chunks);
  const isSdk = (chunk: Rolldown.OutputChunk): boolean => chunk.moduleIds.some((id) => /\/agora-rt[cm]-sdk/.test(id));
  const rest = chunks.filter((chunk) => !atOnce.has(chunk.fileName));
  return {
    atOnce: chunks.filter((chunk) => atOnce.has(chunk.fileName)).map(describe),
    atLogin: rest.filter((chunk) => !isSdk(chunk)).map(describe),
    sdk: rest.filter(isSdk).map(describe),
  };
}

/** The entry, what it imports and what that imports; everything else waits for an `import()`. */
function loadedAtOnce(chunks: readonly Rolldown.OutputChunk[]): Set<string> {
  const loaded = new Set<string>();
  const load = (chunk: Rolldown.OutputChunk | undefined): void => {
    if (!chunk || loaded.has(chunk.fileName)) return;
    loaded.add(chunk.fileName);
    for (const name of chunk.imports) load(chunks.find(({ fileName }) => fileName === name));
  };
  load(chunks.find(({ isEntry }) => isEntry));
  return loaded;
}

function describe({ code, moduleIds }: Rolldown.OutputChunk): BuiltChunk {
  return { code, modules: moduleIds, gzipBytes: gzipSync(code, { level: 9 }).length };
}

/** Bytes of several chunks together. */
export function gzipBytes(chunks: readonly BuiltChunk[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.gzipBytes, 0);
}

/** What a browser loads, and when. */
export const browserBundle: Benchmark = {
  title: 'Bytes in the browser, minified and gzipped',
  async run() {
    const page = await buildPage();
    const whole = [...page.atOnce, ...page.atLogin];
    const row = (what: string, when: string, chunks: readonly BuiltChunk[]): Record<string, string | number> => ({
      what,
      when,
      kB: Number((gzipBytes(chunks) / 1000).toFixed(1)),
    });
    return {
      rows: [
        row('agora-session with eventemitter3', 'with the page', page.atOnce),
        row("agora-session's engine", 'with the first login', page.atLogin),
        row('both', '', whole),
        row("Agora's SDKs", 'with the first login', page.sdk),
      ],
      goals: [
        { text: `the browser entry is at most ${ENTRY_LIMIT / 1000} kB`, met: gzipBytes(page.atOnce) <= ENTRY_LIMIT },
      ],
    };
  },
};
