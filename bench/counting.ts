import type { Clock, TokenSource } from 'agora-session';
import { buildRtcToken, buildRtmToken } from 'agora-session/server';
import { PROJECT } from './simulation/token-server.js';

const LIFE_SECONDS = 3_600;

/** A token source that makes real tokens at once, and counts how often it is asked. */
export class CountingSource implements TokenSource {
  /** How often it was asked. */
  requests = 0;
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  readonly getTokens: TokenSource['getTokens'] = async ({ userId, signaling, channels }) => {
    this.requests += 1;
    const common = { ...PROJECT, userId, expiresInSeconds: LIFE_SECONDS, issuedAt: Math.floor(this.#now() / 1_000) };
    const grant = (token: string) => ({ token, expiresIn: LIFE_SECONDS });
    return {
      ...(signaling ? { signaling: grant(buildRtmToken(common)) } : {}),
      channels: Object.fromEntries(
        channels.map((channelName) => [channelName, grant(buildRtcToken({ ...common, channelName }))]),
      ),
    };
  };
}

/** A clock that knows how many timers are set. */
export class CountingClock implements Clock {
  readonly #clock: Clock;
  readonly #armed = new Set<unknown>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Timers that are set now. */
  get armed(): number {
    return this.#armed.size;
  }

  now(): number {
    return this.#clock.now();
  }

  monotonic(): number {
    return this.#clock.monotonic();
  }

  setTimeout(callback: () => void, delayMs: number): unknown {
    const handle = this.#clock.setTimeout(() => {
      this.#armed.delete(handle);
      callback();
    }, delayMs);
    this.#armed.add(handle);
    return handle;
  }

  clearTimeout(handle: unknown): void {
    this.#armed.delete(handle);
    this.#clock.clearTimeout(handle);
  }
}
