/** Seconds of waiting before each attempt to reconnect, observed with agora-rtm-sdk 2.3.0; the last one repeats. */
const DELAYS_MS = [2000, 4000, 8000, 16_000, 32_000] as const;
const SUSPENDED_DELAY_MS = 30_000;
const PATIENCE_MS = 120_000;

/**
 * When a client that has lost its link tries again. An attempt that fails two minutes or more after the loss makes the link
 * SUSPENDED; from then on the attempts come every 30 s without end.
 */
export class ReconnectSchedule {
  #lostAt: number | null = null;
  #step = 0;
  #suspended = false;

  /** Whether the loss has lasted so long that nothing will be resumed. */
  get suspended(): boolean {
    return this.#suspended;
  }

  /** Begins anew, as after a connection or a new login. */
  reset(): void {
    this.#lostAt = null;
    this.#step = 0;
    this.#suspended = false;
  }

  /** Notes a loss or a failed attempt at `now` (monotonic milliseconds) and says which state that makes. */
  failed(now: number): 'DISCONNECTED' | 'SUSPENDED' {
    this.#lostAt ??= now;
    if (now - this.#lostAt >= PATIENCE_MS) this.#suspended = true;
    return this.#suspended ? 'SUSPENDED' : 'DISCONNECTED';
  }

  /** The network came back: the short delays begin again. */
  hasten(): void {
    this.#step = 0;
  }

  /** Milliseconds until the next attempt. */
  nextDelayMs(): number {
    if (this.#suspended) return SUSPENDED_DELAY_MS;
    const delay = DELAYS_MS[Math.min(this.#step, DELAYS_MS.length - 1)] ?? SUSPENDED_DELAY_MS;
    this.#step += 1;
    return delay;
  }
}
