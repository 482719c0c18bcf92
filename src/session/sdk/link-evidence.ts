import type { Clock } from '../../environment/clock.js';
import { NOT_CONNECTED } from './reasons.js';

interface LinkEvidenceOptions {
  readonly clock: Clock;
  /** The link is not what it is believed to be. */
  onDoubt(): void;
}

/** -10025 is taken for this long, milliseconds, while the link is believed to stand. */
const DOUBT_MS = 1_000;

/** What the SDK's answers show of the login's link, whatever its events say. */
export class LinkEvidence {
  readonly #options: LinkEvidenceOptions;
  #notConnectedSinceMs: number | null = null;
  #goodAt = 0;

  constructor(options: LinkEvidenceOptions) {
    this.#options = options;
  }

  /** When the SDK last did what a call asked for, milliseconds since the epoch: the link was good then. */
  get goodAt(): number {
    return this.#goodAt;
  }

  /** A link that stands anew is not doubted. */
  trust(): void {
    this.#notConnectedSinceMs = null;
  }

  /**
   * The SDK has answered a call that needs the link: with this error code, or null for none. -10025 twice, a second apart, with no other
   * answer between, is more than an event that is late.
   */
  answered(code: number | null): void {
    const { clock, onDoubt } = this.#options;
    const now = clock.monotonic();
    const since = code === NOT_CONNECTED ? (this.#notConnectedSinceMs ?? now) : null;
    this.#notConnectedSinceMs = since;
    if (code === null) this.#goodAt = clock.now();
    if (since !== null && now - since >= DOUBT_MS) onDoubt();
  }
}
