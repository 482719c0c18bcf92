import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { type Framework, frameworks, packPackage, tryFramework } from './frameworks.js';
import { install, type Runtime, runtimes } from './runtimes.js';

// Runs one suite on every runtime, against the built package, and the examples that need a framework on theirs, against the packed one.
// Runtimes and frameworks are fetched from npm into a folder beside the project's dependencies, where they stay for the next run.

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, 'node_modules', '.cache', 'agora-session-runtimes');

/** Puts suite and package into one module, so that no runtime has to find anything. */
async function bundleSuite(): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'warn',
    resolve: { alias: { 'agora-session/server': join(root, 'dist', 'server.js') } },
    build: {
      outDir: join(cache, 'suite'),
      target: 'es2022',
      minify: false,
      lib: { entry: join(root, 'test', 'runtimes', 'main.ts'), formats: ['es'], fileName: 'suite' },
      rolldownOptions: { external: /^node:/ },
    },
  });
  return join(cache, 'suite', 'suite.js');
}

/** Answers how many sentences held and how many did not; a runtime that cannot be had counts as one that did not. */
async function runOn(runtime: Runtime, bundle: string): Promise<{ passed: number; failed: number }> {
  try {
    const { version, outcome } = await runtime.run(bundle, await install(runtime, cache));
    const { passed, failures } = outcome;
    console.log(`${runtime.name.padEnd(8)} ${version}: ${passed} passed, ${failures.length} failed`);
    for (const failure of failures) console.log(`  FAILED ${failure}`);
    return { passed, failed: failures.length };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.log(
      `${runtime.name.padEnd(8)} could not be had or did not run (${runtime.package ?? process.execPath}): ${why}`,
    );
    return { passed: 0, failed: 1 };
  }
}

async function tryOn(framework: Framework, pack: string): Promise<{ passed: number; failed: number }> {
  try {
    await tryFramework(framework, root, pack);
    console.log(`${framework.name.padEnd(8)} serves a login with examples/${framework.example}`);
    return { passed: 1, failed: 0 };
  } catch (error) {
    console.log(`${framework.name.padEnd(8)} FAILED with examples/${framework.example}: ${error}`);
    return { passed: 0, failed: 1 };
  }
}

const bundle = await bundleSuite();
const pack = await packPackage(root, join(cache, 'package'));
const results = await Promise.all([
  ...runtimes.map((runtime) => runOn(runtime, bundle)),
  ...frameworks.map((framework) => tryOn(framework, pack)),
]);
const sum = (field: 'passed' | 'failed'): number => results.reduce((total, result) => total + result[field], 0);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed`);
process.exitCode = sum('failed') === 0 ? 0 : 1;
