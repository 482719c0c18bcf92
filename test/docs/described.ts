import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Something that the package's sources describe. */
export interface Described {
  readonly name: string;
  readonly kind: 'class' | 'function' | 'type' | 'member';
  readonly optional: boolean;
  /** Its doc comment, in one line. */
  readonly text: string;
}

const root = new URL('../../', import.meta.url);
/** The sources of `agora-session`. */
const MAIN_ENTRY = 'src/index.ts';
const PROPERTY = ts.SymbolFlags.Property | ts.SymbolFlags.Accessor;

/** The compiler's view of entries of the package. */
export function program(entries: readonly string[] = [MAIN_ENTRY]): ts.Program {
  const config = ts.readConfigFile(fileURLToPath(new URL('tsconfig.json', root)), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, fileURLToPath(root));
  return ts.createProgram(entries.map(pathOf), options);
}

/** Everything that an entry exports. */
export function exportsOf(compiled: ts.Program, entry: string = MAIN_ENTRY): Described[] {
  const checker = compiled.getTypeChecker();
  return symbolsOf(compiled, entry).map((symbol) => describe(symbol, checker));
}

/** The properties of an exported interface or class that it declares itself, those of a class that are its own affair left out. */
export function membersOf(compiled: ts.Program, name: string, entry: string = MAIN_ENTRY): Described[] {
  const checker = compiled.getTypeChecker();
  const members = symbolsOf(compiled, entry).find((symbol) => symbol.name === name)?.members;
  return [...(members?.values() ?? [])]
    .filter(({ flags, name }) => (flags & PROPERTY) !== 0 && !name.startsWith('#'))
    .map((symbol) => describe(symbol, checker));
}

/** All members of an exported interface, those of the interfaces that it extends, too. */
export function allMemberNames(compiled: ts.Program, name: string, entry: string = MAIN_ENTRY): string[] {
  const checker = compiled.getTypeChecker();
  const symbol = symbolsOf(compiled, entry).find((one) => one.name === name);
  return symbol
    ? checker
        .getDeclaredTypeOfSymbol(symbol)
        .getProperties()
        .map((one) => one.name)
    : [];
}

function symbolsOf(compiled: ts.Program, entry: string): ts.Symbol[] {
  const checker = compiled.getTypeChecker();
  const file = compiled.getSourceFile(pathOf(entry));
  const module = file && checker.getSymbolAtLocation(file);
  if (!module) throw new Error(`${entry} exports nothing.`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => ((symbol.flags & ts.SymbolFlags.Alias) !== 0 ? checker.getAliasedSymbol(symbol) : symbol));
}

function pathOf(entry: string): string {
  return fileURLToPath(new URL(entry, root));
}

function describe(symbol: ts.Symbol, checker: ts.TypeChecker): Described {
  const { flags, name } = symbol;
  const text = ts
    .displayPartsToString(symbol.getDocumentationComment(checker))
    .replace(/```.*?```/gs, '')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .replace(/\s+/g, ' ')
    .trim();
  return { name, kind: kindOf(flags), optional: (flags & ts.SymbolFlags.Optional) !== 0, text };
}

function kindOf(flags: ts.SymbolFlags): Described['kind'] {
  if ((flags & ts.SymbolFlags.Class) !== 0) return 'class';
  if ((flags & ts.SymbolFlags.Function) !== 0) return 'function';
  return (flags & PROPERTY) !== 0 ? 'member' : 'type';
}

/** A text as a cell of a table, where a bracket would be an element. */
export function cell(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;')))
    .join('')
    .replaceAll('|', '\\|');
}
