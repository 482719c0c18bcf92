import type { Clock } from '../../environment/clock.js';
import { NOT_CONNECTED } from './reasons.js';

interface LinkDoubtOptions {
  readonly clock: Clock;
  /** The link is not what it is believed to be. */
  onDoubt(): void;
}

/** -10025 is taken for this long, milliseconds, while the link is believed to stand. */
const DOUBT_MS = 1_000;

/** Whether the login's link stands as it is believed to, by what the SDK says to the calls that need it. */
export class LinkDoubt {
  readonly #options: LinkDoubtOptions;
  #notConnectedSinceMs: number | null = null;

  constructor(options: LinkDoubtOptions) {
    this.#options = options;
  }

  /** A link that stands anew is not doubted. */
  trust(): void {
    this.#notConnectedSinceMs = null;
  }

  /**
   * The SDK has answered a call: with this error code, or null for none. -10025 twice, a second apart, with no other answer between, is
   * more than an event that is late.
   */
  answered(code: number | null): void {
    const now = this.#options.clock.monotonic();
    const since = code === NOT_CONNECTED ? (this.#notConnectedSinceMs ?? now) : null;
    this.#notConnectedSinceMs = since;
    if (since !== null && now - since >= DOUBT_MS) this.#options.onDoubt();
  }
}
