import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { isWhole, MAX_LIFE_SECONDS } from '../server/access-token/check-arguments.js';
import { InvalidArgumentError } from '../server/index.js';
import type { Environment } from './credentials.js';

const DEFAULT_LIFE_SECONDS = 3600;

/** The variables of `.env` and `.env.local` in a directory, where they exist, under those that are set already. */
export function readEnvironment(directory: string, set: Environment): Environment {
  return { ...readEnvFile(join(directory, '.env')), ...readEnvFile(join(directory, '.env.local')), ...set };
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

function readEnvFile(path: string): Environment {
  try {
    return parseEnv(readFileSync(path, 'utf8').replace(/^\uFEFF/, '')); // as Windows' editors begin a file
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw error;
  }
}
