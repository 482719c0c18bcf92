import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { CompatStatement, SupportStatement } from '@mdn/browser-compat-data';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const data = createRequire(import.meta.url).resolve('@mdn/browser-compat-data');
const bcd: unknown = JSON.parse(readFileSync(data, 'utf8'));
const BROWSERS = {
  chrome: 'Chrome',
  edge: 'Edge',
  firefox: 'Firefox',
  safari: 'Safari',
  safari_ios: 'Safari on iOS',
} as const;
type Browser = keyof typeof BROWSERS;

/** What came to browsers since 2020: how it looks in built code, and where MDN's data has it. */
const FEATURES: readonly (readonly [RegExp, string])[] = [
  [/\bimport\(/, 'javascript.operators.import'],
  [/\?\?=|\|\|=|&&=/, 'javascript.operators.nullish_coalescing_assignment'],
  [/^\s+#\w+( = |;)/m, 'javascript.classes.private_class_fields'],
  [/^\s+(async |get |set )?#\w+\(/m, 'javascript.classes.private_class_methods'],
  [/#\w+ in \w/, 'javascript.classes.private_class_fields_in'],
  [/^\s+static \{/m, 'javascript.classes.static.initialization_blocks'],
  [/\(\?<[=!]/, 'javascript.regular_expressions.lookbehind_assertion'],
  [/Object\.hasOwn\(/, 'javascript.builtins.Object.hasOwn'],
  [/Object\.groupBy\(/, 'javascript.builtins.Object.groupBy'],
  [/Promise\.allSettled\(/, 'javascript.builtins.Promise.allSettled'],
  [/Promise\.any\(/, 'javascript.builtins.Promise.any'],
  [/Promise\.withResolvers\(/, 'javascript.builtins.Promise.withResolvers'],
  [/\.replaceAll\(/, 'javascript.builtins.String.replaceAll'],
  [/\.at\(/, 'javascript.builtins.Array.at'],
  [/\.findLast(Index)?\(/, 'javascript.builtins.Array.findLast'],
  [/\.toSorted\(/, 'javascript.builtins.Array.toSorted'],
  [/\.toSpliced\(/, 'javascript.builtins.Array.toSpliced'],
  [/\bnew WeakRef\(/, 'javascript.builtins.WeakRef'],
  [/\bcause\b/, 'javascript.builtins.Error.Error.options_cause_parameter'],
  [/\bqueueMicrotask\(/, 'api.queueMicrotask'],
  [/\bstructuredClone\(/, 'api.structuredClone'],
  [/\.throwIfAborted\(/, 'api.AbortSignal.throwIfAborted'],
  [/signal\??\.reason\b/, 'api.AbortSignal.reason'],
  [/AbortSignal\.any\(/, 'api.AbortSignal.any_static'],
  [/AbortSignal\.timeout\(/, 'api.AbortSignal.timeout_static'],
];

/** The package as a page loads it: the main entry with everything that it imports, at once or later. */
function browserCode(): string {
  const seen = new Set<string>();
  const load = (url: URL): string => {
    if (seen.has(url.href)) return '';
    seen.add(url.href);
    const code = readFileSync(url, 'utf8');
    const imports = [...code.matchAll(/(?:\bfrom |\bimport\(?\s*)"(\.[^"]+)"/g)].map(
      ([, path = '']) => new URL(path, url),
    );
    return [code.replace(/\/\*[\s\S]*?\*\//g, ''), ...imports.map(load)].join('\n');
  };
  return load(new URL('dist/index.js', root));
}

function supportOf(path: string): Partial<Record<Browser, SupportStatement>> {
  const found = path.split('.').reduce<unknown>((node, key) => Reflect.get(Object(node), key), bcd);
  const { __compat } = Object(found) as { __compat?: CompatStatement };
  if (!__compat) throw new Error(`MDN's data has no ${path}.`);
  return __compat.support;
}

function since(path: string, browser: Browser): number {
  const [newest] = [supportOf(path)[browser]].flat();
  return Number(String(newest?.version_added).replace('≤', ''));
}

const used = FEATURES.filter(([pattern]) => pattern.test(browserCode())).map(([, path]) => path);
const lowest = (browser: Browser): number => Math.max(...used.map((path) => since(path, browser)));

describe('the lowest browsers', () => {
  it('are found out from a build that is there', () => {
    expect(readdirSync(new URL('dist/chunks', root)).length).toBeGreaterThan(5);
    expect(used).toContain('javascript.classes.private_class_methods');
    expect(used).toContain('javascript.operators.import');
  });

  it('are those that the README names', () => {
    const lowestOnes = (Object.keys(BROWSERS) as Browser[]).map((browser) => `${BROWSERS[browser]} ${lowest(browser)}`);
    const readme = readFileSync(new URL('README.md', root), 'utf8').replace(/\s+/g, ' ');
    expect(/It runs in (Chrome.*?) and newer/.exec(readme)?.[1]).toBe(lowestOnes.join(', '));
  });

  it('need nothing that an older browser lacks: what is newer is asked for before it is used', () => {
    const code = browserCode();
    expect(code).toMatch(/typeof DecompressionStream/);
    expect(code).toMatch(/navigator\?\.locks/);
    expect(used.filter((path) => since(path, 'safari') > 16)).toEqual([]);
  });
});
