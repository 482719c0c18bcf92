import { suite } from './suite.js';

/** What a run of the suite came to. */
export interface Outcome {
  readonly passed: number;
  /** What failed, and why. */
  readonly failures: readonly string[];
}

/** Proves every sentence of the suite on the runtime that this is called on. */
export async function runSuite(): Promise<Outcome> {
  const failures: string[] = [];
  for (const [sentence, prove] of suite) {
    try {
      await prove();
    } catch (error) {
      failures.push(`${sentence}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { passed: suite.length - failures.length, failures };
}

const inWorker = globalThis.navigator?.userAgent === 'Cloudflare-Workers';

// Workers run nothing by themselves: they are sent a request. Nobody else is given this, since Bun would start a server for it.
const worker: { fetch: () => Promise<Response> } | undefined = inWorker
  ? { fetch: async () => Response.json(await runSuite()) }
  : undefined;
export default worker;

// Elsewhere the outcome is printed, for the process that started this one.
if (!inWorker) console.log(JSON.stringify(await runSuite()));
