import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CompilerState,
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  type IConfigFile,
} from '@microsoft/api-extractor';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the committed reports lie, one for each entry point. */
const REPORTS = join(ROOT, 'docs/api');

/**
 * Entries whose types reach into the emulator's own service, or into other entries: only what they export is told. Of the others
 * the types that exported ones are made of are told too, whatever they are called.
 */
const EXPORTS_ALONE: readonly string[] = ['agora-session/emulator', 'agora-session/testing'];

export interface EntryReport {
  /** As users write it. */
  readonly entry: string;
  readonly file: string;
  /** Whether the committed report differs from what was built. */
  readonly changed: boolean;
  readonly errors: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | { readonly types?: string }>>;
}

interface EntryPoint {
  readonly entry: string;
  /** The built declarations. */
  readonly types: string;
  /** The report's name. */
  readonly report: string;
}

/** Every entry point that exports something with types, out of `exports`; the module that `./vite/client` declares is nobody's export. */
function entryPoints(): EntryPoint[] {
  const { name, exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
  return Object.entries(exports).flatMap(([subpath, entry]) =>
    typeof entry === 'string' || !entry.types || subpath === './vite/client'
      ? []
      : [nameEntry(subpath.replace('.', name), join(ROOT, entry.types))],
  );
}

function nameEntry(entry: string, types: string): EntryPoint {
  return { entry, types, report: entry.replaceAll('/', '-') };
}

/**
 * Compares the built types of every entry point with its report in `docs/api`; with `write` the report is made anew.
 * It reads `dist/types`, so build first.
 */
export function reportApi({ write }: { write: boolean }): readonly EntryReport[] {
  const scratch = mkdtempSync(join(tmpdir(), 'agora-session-api-'));
  mkdirSync(REPORTS, { recursive: true });
  try {
    const entries = entryPoints().map((point) => ({ ...point, config: configOf(point, scratch) }));
    const [first] = entries;
    if (!first) throw new Error('package.json has no entry point with types.');
    const compilerState = CompilerState.create(first.config, {
      additionalEntryPoints: entries.map(({ types }) => types),
    });
    return entries.map(({ entry, report, config }) => {
      const errors: string[] = [];
      const { apiReportChanged } = Extractor.invoke(config, {
        compilerState,
        localBuild: write,
        messageCallback(message) {
          message.handled = true;
          if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.text);
        },
      });
      return { entry, file: `docs/api/${report}.api.md`, changed: apiReportChanged, errors };
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function configOf({ entry, types, report }: EntryPoint, scratch: string): ExtractorConfig {
  const none = { default: { logLevel: ExtractorLogLevel.None } };
  const configObject: IConfigFile = {
    projectFolder: ROOT,
    mainEntryPointFilePath: types,
    compiler: { tsconfigFilePath: join(ROOT, 'tsconfig.build.json') },
    newlineKind: 'lf',
    apiReport: {
      enabled: true,
      reportFolder: REPORTS,
      reportTempFolder: scratch,
      reportFileName: report,
      includeForgottenExports: !EXPORTS_ALONE.includes(entry),
    },
    docModel: { enabled: false },
    dtsRollup: { enabled: false },
    tsdocMetadata: { enabled: false },
    messages: {
      compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
      // No release tags and no TSDoc dialect here: what the package exports is public.
      extractorMessageReporting: none,
      tsdocMessageReporting: none,
    },
  };
  return ExtractorConfig.prepare({
    configObject,
    configObjectFullPath: undefined,
    packageJsonFullPath: join(ROOT, 'package.json'),
  });
}

/** Run by itself (`npm run api`), it writes every report anew. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { file, changed, errors } of reportApi({ write: true })) {
    console.log(`${file} ${changed ? 'has changed' : 'is as it was'}`);
    for (const error of errors) console.error(error);
    if (errors.length > 0) process.exitCode = 1;
  }
}
