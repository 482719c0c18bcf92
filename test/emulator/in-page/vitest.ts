// Stands in for `vitest` in a page: its `expect` is the same one, and a file of tests is read into a list that the page runs.
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';

/** A test that has run. */
export interface Result {
  readonly name: string;
  /** Null where it passed. */
  readonly error: string | null;
}

interface Test {
  readonly name: string;
  readonly run: () => unknown;
}

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
const asymmetric = Object.getOwnPropertyDescriptor(globalThis, ASYMMETRIC_MATCHERS_OBJECT)?.value as object;

/** Vitest's own `expect`. */
export const expect: typeof chai.expect = Object.assign(chai.expect, asymmetric);
Object.defineProperty(globalThis, GLOBAL_EXPECT, { value: expect });
setState({}, expect as never);

const tests: Test[] = [];
const outer: string[] = [];

type Declare = (name: string, run: () => unknown) => void;
type DeclareEach = (rows: readonly unknown[]) => (name: string, run: (...values: unknown[]) => unknown) => void;

const group: Declare = (name, read) => {
  outer.push(name);
  read();
  outer.pop();
};
const test: Declare = (name, run) => {
  tests.push({ name: [...outer, name].join(' > '), run });
};

/** Names the tests in it. */
export const describe: Declare & { each: DeclareEach } = Object.assign(group, { each: eachOf(group) });
/** A test. */
export const it: Declare & { each: DeclareEach } = Object.assign(test, { each: eachOf(test) });

function eachOf(declare: Declare): DeclareEach {
  return (rows) => (name, run) => {
    for (const [index, row] of rows.entries()) {
      declare(`${name} (${index})`, () => run(...(Array.isArray(row) ? row : [row])));
    }
  };
}

/** Runs every test that has been read, one after the other. */
export async function runTests(): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const { name, run } of tests) {
    results.push({
      name,
      error: await Promise.resolve()
        .then(run)
        .then(
          () => null,
          (error: unknown) => (error instanceof Error ? `${error.message}\n${error.stack}` : String(error)),
        ),
    });
  }
  return results;
}
