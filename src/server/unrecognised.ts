import { InvalidArgumentError } from './access-token/errors.js';
import type { Decision } from './decision.js';
import { rateLimited, waitSecondsOf } from './demand-within.js';
import { networkOf } from './network-of.js';
import type { Limiter } from './rate-limiter.js';
import { refusalIn } from './refusal.js';

/**
 * Limits callers whom `authorize` does not recognise, by the network that they ask from. Everybody behind that network waits with them, so
 * the number should be well above what a household's expired sign-ins come to.
 */
export interface UnrecognisedOptions {
  /** Counts what was not recognised, by IPv4 address or IPv6 network of 64 bits. While it holds one back, `authorize` is not asked. */
  readonly limit: Limiter;
  /**
   * The caller's address. Behind a proxy it must be given, from a header that the proxy sets and no caller can; so it must on runtimes that
   * do not tell the connection's, which are all but node:http. Default: the connection's.
   */
  readonly addressOf?: (request: Request) => string;
}

const MAX_HELD = 10_000;

/** Who is held back until when, in milliseconds since the epoch. */
interface Held {
  readonly untilMs: number;
  readonly waitMs: number;
}

/** Remembers the networks that are held back; what counts them is the limiter of the app. */
export class Unrecognised {
  readonly #options: UnrecognisedOptions;
  readonly #now: () => number;
  readonly #held = new Map<string, Held>();

  constructor(options: UnrecognisedOptions, now: () => number) {
    this.#options = options;
    this.#now = now;
  }

  /**
   * Asks who the caller is, unless their network is held back, and counts it when nobody was recognised.
   *
   * @throws RequestRefusedError 429, and what `recognise` throws.
   */
  async guard<T>(decision: Decision, recognise: () => Promise<T>): Promise<T> {
    const network = this.#networkOf(decision);
    this.#demandFree(network);
    try {
      return await recognise();
    } catch (error) {
      if (refusalIn(error)?.status === 401) await this.#count(decision, network);
      throw error;
    }
  }

  #networkOf({ request }: Decision): string {
    const { addressOf } = this.#options;
    const address: unknown = addressOf ? addressOf(request.asRequest()) : request.address;
    if (typeof address === 'string' && address !== '') return networkOf(address);
    const advice = 'this runtime does not tell the address of a connection';
    throw new InvalidArgumentError(
      'limitUnrecognised.addressOf',
      addressOf ? 'must answer an address, as a text.' : `is needed: ${advice}.`,
    );
  }

  #demandFree(network: string): void {
    const held = this.#held.get(network);
    if (!held) return;
    const leftMs = held.untilMs - this.#now();
    // More than the whole wait is left only of a clock that was set back.
    if (leftMs > 0 && leftMs <= held.waitMs) throw rateLimited(leftMs / 1000);
    this.#held.delete(network);
  }

  async #count(decision: Decision, network: string): Promise<void> {
    const ask = () => this.#options.limit(network, decision.request.asRequest());
    const waitSeconds = waitSecondsOf('limitUnrecognised.limit', await decision.ask('limitUnrecognised.limit', ask));
    if (waitSeconds === null) return;
    this.#hold(network, waitSeconds * 1000);
    throw rateLimited(waitSeconds);
  }

  #hold(network: string, waitMs: number): void {
    if (!(waitMs > 0)) return;
    this.#held.delete(network);
    this.#held.set(network, { untilMs: this.#now() + waitMs, waitMs });
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_HELD && oldest !== undefined) this.#held.delete(oldest);
  }
}
