import { MAX_LIFE_SECONDS } from '../server/access-token/check-arguments.js';
import { type Authorize, TokenRequestError } from '../server/index.js';
import { lifeSecondsFrom } from './environment.js';
import type { TokenFaults } from './token-faults.js';

/** Whoever asks from this machine is whom they say and may join what they ask; the guard has seen where they come from. */
export const localUsers: Authorize = (_request, asked) =>
  asked.userId === undefined ? null : { userId: asked.userId, channels: asked.channels };

/**
 * Adds what a development endpoint can do more: fail a user on demand, and take the life from `?expiresInSeconds=`.
 *
 * @param longestSeconds the longest life that may be asked for, where the verdict itself does not say.
 */
export function withDevelopmentSwitches(authorize: Authorize, faults: TokenFaults, longestSeconds: number): Authorize {
  return async (request, asked) => {
    const expiresInSeconds = lifeAskedFor(request);
    const verdict = await authorize(request, asked);
    if (!verdict) return null;
    faults.check(verdict.userId);
    if (expiresInSeconds === null) return verdict;
    return { ...verdict, expiresInSeconds: Math.min(expiresInSeconds, verdict.expiresInSeconds ?? longestSeconds) };
  };
}

function lifeAskedFor(request: Request): number | null {
  const text = new URL(request.url).searchParams.get('expiresInSeconds');
  if (text === null) return null;
  const seconds = lifeSecondsFrom(text);
  if (seconds !== null) return seconds;
  const range = `a whole number from 1 to ${MAX_LIFE_SECONDS}`;
  throw new TokenRequestError(400, 'INVALID_REQUEST', `expiresInSeconds must be ${range}.`);
}
