import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { type Block, blocks } from './pages.js';

const root = new URL('../../', import.meta.url);

/** What stands for the reader's own app; a block that declares or imports one of these itself is not given it. */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  appId: 'declare const appId: string;',
  session: "declare const session: import('agora-session').SessionManager;",
  show: 'declare const show: (event: unknown) => void;',
  signIn: 'declare const signIn: () => void;',
  signedInUser: 'declare const signedInUser: (request: Request) => Promise<{ id: string } | null>;',
  userOf: 'declare const userOf: (request: Request) => Promise<{ id: string; mayJoin(name: string): boolean } | null>;',
  // Nuxt imports them by itself.
  defineNuxtConfig: 'declare const defineNuxtConfig: (config: { vite?: { plugins?: unknown[] } }) => unknown;',
  defineEventHandler: 'declare const defineEventHandler: (handler: (event: object) => unknown) => unknown;',
  toWebRequest: 'declare const toWebRequest: (event: object) => Request;',
  accessToken: 'declare const accessToken: () => Promise<string>;',
  myApi: `declare const myApi: {
    tokens(userId: string, channels: readonly string[]): Promise<{
      banned: boolean;
      login: string;
      channels: NonNullable<import('agora-session').TokenResponse['channels']>;
    }>;
  };`,
};

/** As much of packages that are not installed here as the pages use. */
const OTHER_PACKAGES = `
declare module '@playwright/test' {
  interface Page {
    goto(url: string): Promise<void>;
    getByText(text: string, options?: { exact?: boolean }): object;
  }
  export const test: (title: string, run: (fixtures: { browser: { newPage(): Promise<Page> } }) => Promise<void>) => void;
  export const expect: (actual: object) => { toBeVisible(): Promise<void> };
}
declare module '@sentry/browser' {
  export function captureException(error: unknown, hint: { tags: Record<string, string>; extra: Record<string, unknown> }): void;
  export function addBreadcrumb(breadcrumb: { category: string; message: string; data: object }): void;
}
`;

const CHECKED = new Map([
  ['ts', '.ts'],
  ['tsx', '.tsx'],
  ['js', '.ts'],
]);
/** Languages whose blocks are not compiled, and why. */
const NOT_COMPILED: Readonly<Record<string, string>> = {
  sh: 'are commands; test/cli and test/examples run those of this package',
  html: 'is a page without code of its own',
  css: 'is looks, which the compiler does not know',
  svelte: 'needs the compiler of Svelte; its code is that of the block before it',
  text: 'is what a command prints, compared with what it does print',
  '': 'is a picture, or an exchange over HTTP',
};

/** A module of its own, with the placeholders that it uses and does not have itself. */
function moduleOf({ source }: Block): string {
  const lacking = Object.entries(PLACEHOLDERS).filter(([name]) => {
    const declared = new RegExp(`\\b(?:const|function)\\s+(?:\\{[^}]*)?\\b${name}\\b`).test(source);
    return new RegExp(`\\b${name}\\b`).test(source) && !declared;
  });
  // The file that it names is in the program by its source.
  const text = source.replace(/^\/\/\/ <reference .*$/m, '');
  return [text, ...lacking.map(([, declaration]) => declaration), 'export {};'].join('\n');
}

/** What the compiler says of all of them, in one program under the repository's own settings. */
function compile(files: ReadonlyMap<string, string>): string[] {
  const config = ts.readConfigFile(fileURLToPath(new URL('tsconfig.json', root)), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, fileURLToPath(root));
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  // A page's folder is nowhere but here: the compiler would not look for files in it.
  delete host.directoryExists;
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, target) => {
    const text = files.get(name);
    return text === undefined ? getSourceFile(name, target) : ts.createSourceFile(name, text, target);
  };
  const compiled = ts.createProgram(
    [...files.keys(), fileURLToPath(new URL('src/vite/client.ts', root))],
    // As an app has it: examples name no types that the compiler finds by itself, and show what there is without using it.
    {
      ...options,
      jsx: ts.JsxEmit.ReactJSX,
      noUnusedLocals: false,
      noUnusedParameters: false,
      isolatedDeclarations: false,
      declaration: false,
    },
    host,
  );
  return ts.getPreEmitDiagnostics(compiled).map(({ messageText, file, start = 0 }) => {
    const line = file ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file?.fileName}:${line}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}

describe('the code in README and pages', () => {
  it('compiles', () => {
    const checked = blocks().filter(({ language }) => CHECKED.has(language));
    expect(checked.length).toBeGreaterThan(30);
    const files = checked.map((block): [string, string] => {
      // Those that have a name lie together as in the reader's app, and import each other.
      const name = block.file?.replace(/\.m?js$/, '.ts') ?? `block-${block.nth}${CHECKED.get(block.language)}`;
      const folder = block.page.replaceAll('/', '-');
      return [fileURLToPath(new URL(`test/docs/${folder}/${name}`, root)), moduleOf(block)];
    });
    expect(new Set(files.map(([name]) => name)).size).toBe(files.length);
    files.push([fileURLToPath(new URL('test/docs/other-packages.d.ts', root)), OTHER_PACKAGES]);
    expect(compile(new Map(files))).toEqual([]);
  }, 240_000);

  it('is of a language that is compiled, or that there is a reason not to compile', () => {
    const others = blocks().filter(({ language }) => !CHECKED.has(language) && !Object.hasOwn(NOT_COMPILED, language));
    expect(others).toEqual([]);
  });
});
