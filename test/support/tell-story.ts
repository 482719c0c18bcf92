import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { StruckFaults } from 'agora-session/emulator';
import fc from 'fast-check';
import { live, recordLife } from './session-life.js';
import { type Manners, type Story, story } from './session-story.js';

const FOLDER = new URL('../../reports/stories/', import.meta.url);

/** Which story is told, and what it is checked by. */
export interface Telling {
  readonly manners: Manners;
  readonly seed: number;
  /** Default: {@link live}. */
  readonly check?: (story: Story) => Promise<StruckFaults>;
}

/**
 * Tells a story and gives the faults that struck in it. One that fails is shortened and printed, and what its session told is written
 * into `reports/stories`, so that it can be watched.
 */
export async function tellStory({ manners, seed, check = live }: Telling): Promise<readonly StruckFaults[]> {
  const struck: StruckFaults[] = [];
  const property = fc.asyncProperty(story(manners), async (one) => {
    struck.push(await check(one));
  });
  const result = await fc.check(property, { seed, numRuns: 1, endOnFailure: process.env.SHRINK === '0' });
  if (!result.failed) return struck;
  const [shortened] = result.counterexample ?? [];
  const cause = result.errorInstance instanceof Error ? result.errorInstance.message : String(result.errorInstance);
  const lines = [
    `STORY=${manners}:${seed} fails: ${cause}`,
    `Shortened: ${JSON.stringify(shortened)}`,
    ...(shortened
      ? [`To watch it: npm run demo, then Open: ${await writeRecording(shortened, { manners, seed })}`]
      : []),
  ];
  throw new Error(lines.join('\n'), { cause: result.errorInstance });
}

/** Lives a story again and writes down what its session told. */
async function writeRecording(shortened: Story, { manners, seed }: Telling): Promise<string> {
  const file = fileURLToPath(new URL(`${manners}-${seed}.json`, FOLDER));
  await mkdir(FOLDER, { recursive: true });
  await writeFile(file, JSON.stringify(await recordLife(shortened), null, 1));
  return file;
}
