import { InvalidArgumentError } from '../server/index.js';
import { isWhole, MAX_LIFE_SECONDS } from '../server/parts.js';
import type { Environment } from './credentials.js';
import { readEnvFiles } from './env-files.js';

const DEFAULT_LIFE_SECONDS = 3600;

/** The files in which variables are looked for, the later over the earlier. */
export const ENV_FILES: readonly string[] = ['.env', '.env.local'];

/** The variables of `.env` and `.env.local` in a directory, where they exist, under those that are set already. */
export function readEnvironment(directory: string, set: Environment): Environment {
  return { ...readEnvFiles(directory, ENV_FILES), ...set };
}

/**
 * The life of development tokens: `TOKEN_TTL_SECONDS`, else an hour.
 *
 * @throws InvalidArgumentError when it is not a whole number from 1 to 86 400.
 */
export function defaultLifeSeconds(environment: Environment): number {
  const text = environment.TOKEN_TTL_SECONDS;
  if (!text) return DEFAULT_LIFE_SECONDS;
  const seconds = lifeSecondsFrom(text);
  if (seconds !== null) return seconds;
  throw new InvalidArgumentError(
    'TOKEN_TTL_SECONDS',
    `must be a whole number of seconds from 1 to ${MAX_LIFE_SECONDS}.`,
  );
}

/** A life written as decimal digits; null when it is none. */
export function lifeSecondsFrom(text: string): number | null {
  return /^\d{1,5}$/.test(text) && isWhole(Number(text), 1, MAX_LIFE_SECONDS) ? Number(text) : null;
}
