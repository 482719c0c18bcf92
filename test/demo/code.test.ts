import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { CODE } from '../../examples/demo/view/code.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the compiler says of a module at the top of this repository. */
function complaints(source: string): string[] {
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: ['shown.ts'] }, ts.sys, root);
  const path = `${root}shown.ts`;
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  const exists = host.fileExists;
  host.fileExists = (name) => name === path || exists(name);
  host.getSourceFile = (name, language, ...rest) =>
    name === path ? ts.createSourceFile(name, source, language) : read(name, language, ...rest);
  const program = ts.createProgram([path], options, host);
  const file = program.getSourceFile(path);
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(({ messageText }) =>
    ts.flattenDiagnosticMessageText(messageText, ' '),
  );
}

const GIVEN = 'declare const appId: string;\ndeclare function show(message: string | Uint8Array): void;\n';

it('shows code that compiles, and that says nothing of what the session does by itself', { timeout: 60_000 }, () => {
  expect(complaints(GIVEN + CODE)).toEqual([]);
  expect(complaints(GIVEN + CODE.replace('userId:', 'userName:'))).not.toEqual([]);
  expect(CODE).not.toMatch(/renew|expire|linkState|retry|setTimeout|catch/i);
});

it('shows what alice’s page itself does with a gap', () => {
  const page = readFileSync(`${root}examples/demo/world/world.ts`, 'utf8').replaceAll(/\s+/g, ' ');
  const [, body = ''] = /'restored', async \(\{ gap \}\) => \{\n([^}]*\};\n[^;]*;\n)/.exec(CODE) ?? [];
  const lines = body.trim().split(/;\n\s*/);
  expect(lines).toHaveLength(2);
  for (const line of lines) expect(page).toContain(line.replace(/;$/, ''));
});
