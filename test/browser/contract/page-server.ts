import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'vite';
import { browserAliases } from '../../../vite.config.js';

/** A page that is built in memory and served on a free port of this machine. */
export interface BuiltPage {
  readonly origin: string;
  close(): Promise<void>;
}

const CONTENT_TYPES: readonly (readonly [suffix: string, type: string])[] = [
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
];

/** How a page is built. */
export interface PageOptions {
  /** What stands in for which module, besides the package's own names. */
  readonly aliases?: Record<string, string>;
  /** Whether files are left out of which nothing is used. Default: true. */
  readonly treeshake?: boolean;
}

/** Builds a page out of one script, with the optional SDKs in chunks of their own as in an app, and serves it. */
export async function servePage(entry: string, options: PageOptions = {}): Promise<BuiltPage> {
  const files = await bundle(entry, options);
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0]?.slice(1) ?? '';
    const type = CONTENT_TYPES.find(([suffix]) => path.endsWith(suffix))?.[1] ?? 'text/html';
    const body =
      path === ''
        ? '<!doctype html><title>Test</title><script type="module" src="/entry.js"></script>'
        : files.get(path);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': type }).end(body ?? '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function bundle(entry: string, { aliases, treeshake = true }: PageOptions): Promise<Map<string, string>> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { alias: { ...browserAliases, ...aliases } },
    build: {
      write: false,
      minify: false,
      chunkSizeWarningLimit: 8000,
      rolldownOptions: {
        input: entry,
        output: { entryFileNames: 'entry.js' },
        preserveEntrySignatures: false,
        treeshake,
      },
    },
  });
  const files = new Map<string, string>();
  for (const { output } of [built].flat() as { output: readonly { fileName: string; code?: string }[] }[]) {
    for (const { fileName, code } of output) if (code !== undefined) files.set(fileName, code);
  }
  return files;
}
