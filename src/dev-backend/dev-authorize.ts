import { type Authorize, type ChannelVerdict, RequestRefusedError, type TokenVerdict } from '../server/index.js';
import { isResponse, MAX_LIFE_SECONDS } from '../server/parts.js';
import { lifeSecondsFrom } from './environment.js';
import type { TokenFaults } from './token-faults.js';

/** Whoever asks from this machine is whom they say and may join what they ask; the guard has seen where they come from. */
export const localUsers: Authorize = (_request, asked) =>
  asked.userId === undefined ? null : { userId: asked.userId, channels: asked.channels };

/** The lives that a development endpoint gives its tokens, where the verdict itself does not say. */
export interface DevelopmentLives {
  readonly defaultSeconds: number;
  /** The longest that a request may ask for. */
  readonly longestSeconds: number;
}

/** Adds what a development endpoint can do more: fail a user on demand, and take the life from `?expiresInSeconds=`. */
export function withDevelopmentSwitches(authorize: Authorize, faults: TokenFaults, lives: DevelopmentLives): Authorize {
  return async (request, asked) => {
    const askedSeconds = lifeAskedFor(request);
    const verdict = await authorize(request, asked);
    if (!verdict || isResponse(verdict)) return verdict;
    faults.check(verdict.userId);
    const { expiresInSeconds } = verdict;
    if (askedSeconds !== null)
      return shortened(verdict, Math.min(askedSeconds, expiresInSeconds ?? lives.longestSeconds));
    return expiresInSeconds === undefined ? shortened(verdict, lives.defaultSeconds) : verdict;
  };
}

/** The same verdict for tokens of this life, which no privilege may outlive: development tries short lives that the app has not chosen. */
function shortened(verdict: TokenVerdict, expiresInSeconds: number): TokenVerdict {
  const { channels } = verdict;
  if (!Array.isArray(channels)) return { ...verdict, expiresInSeconds };
  return { ...verdict, expiresInSeconds, channels: channels.map((channel) => clipped(channel, expiresInSeconds)) };
}

function clipped(channel: string | ChannelVerdict, mostSeconds: number): string | ChannelVerdict {
  if (typeof channel !== 'object' || !channel?.privileges || Array.isArray(channel.privileges)) return channel;
  const lives = Object.entries(channel.privileges).map(([name, seconds]) => [name, Math.min(seconds, mostSeconds)]);
  return { ...channel, privileges: Object.fromEntries(lives) };
}

function lifeAskedFor(request: Request): number | null {
  const text = new URL(request.url).searchParams.get('expiresInSeconds');
  if (text === null) return null;
  const seconds = lifeSecondsFrom(text);
  if (seconds !== null) return seconds;
  const range = `a whole number from 1 to ${MAX_LIFE_SECONDS}`;
  throw new RequestRefusedError(400, 'INVALID_REQUEST', `expiresInSeconds must be ${range}.`);
}
