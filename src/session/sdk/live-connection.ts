import type { Clock } from '../../environment/clock.js';
import { bounded, pause } from '../../environment/waiting.js';
import { type RetryPolicy, retryDelayMs } from '../../token/retry-schedule.js';
import type { RequestCause } from '../../token/token-lease.js';
import type { TokenTarget } from '../../token/token-source.js';
import type { SdkPace } from './sdk-pace.js';
import type { SignalingClient } from './signaling-client.js';

/** A token for the SDK, or none where the project has no certificate. */
export interface JoinToken {
  readonly token?: string;
}

/** Where a connection gets its tokens from. */
export interface ConnectionTokens {
  /** @throws SessionError when there will be none. */
  obtain(target: TokenTarget, cause: RequestCause): Promise<JoinToken>;
  confirm(target: TokenTarget, used: JoinToken): void;
  /** The token was refused or has lapsed; without `used`, the one that the SDK works with. */
  spend(target: TokenTarget, used?: JoinToken): void;
  release(target: TokenTarget): void;
}

/** How long the SDK may take for an ordinary call. */
const CALL_TIMEOUT_MS = 10_000;

interface ConnectionOptions {
  readonly client: SignalingClient;
  readonly tokens: ConnectionTokens;
  readonly pace: SdkPace;
  readonly clock: Clock;
  readonly random: () => number;
  readonly retry: RetryPolicy;
}

/** One stretch of being connected, from CONNECTED until the link is lost. What runs on it stops with it. */
export class LiveConnection {
  readonly client: SignalingClient;
  readonly tokens: ConnectionTokens;
  readonly #options: ConnectionOptions;
  readonly #controller = new AbortController();
  readonly #scopes = new Set<AbortController>();

  constructor(options: ConnectionOptions) {
    this.client = options.client;
    this.tokens = options.tokens;
    this.#options = options;
  }

  /** Aborts when the link is lost. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Calls the SDK at the pace that it bears; rejects when it does not answer in time, and when the link is lost. */
  call<T>(run: () => Promise<T>, timeoutMs: number = CALL_TIMEOUT_MS): Promise<T> {
    const { clock, pace } = this.#options;
    return this.#within(async (signal) => {
      await pace.turn(signal);
      return bounded(run(), { signal, clock, timeoutMs });
    });
  }

  /** Settles as `promise` does, but rejects after `timeoutMs` and when the link is lost. */
  bound<T>(promise: Promise<T>, timeoutMs?: number): Promise<T> {
    const limit = timeoutMs === undefined ? {} : { clock: this.#options.clock, timeoutMs };
    return this.#within((signal) => bounded(promise, { signal, ...limit }));
  }

  /** Waits before the next attempt; rejects when the link is lost. */
  backoff(failures: number): Promise<void> {
    const { clock, random, retry } = this.#options;
    return this.#within((signal) => pause(clock, retryDelayMs(failures, random(), retry), signal));
  }

  close(): void {
    const reason = new Error('The link to Signaling was lost.');
    this.#controller.abort(reason);
    for (const scope of this.#scopes) scope.abort(reason);
  }

  /** Hundreds of channels wait at once; each listens to a signal of its own, since Node warns of many listeners on one. */
  async #within<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.signal.throwIfAborted();
    const scope = new AbortController();
    this.#scopes.add(scope);
    try {
      return await run(scope.signal);
    } finally {
      this.#scopes.delete(scope);
    }
  }
}
