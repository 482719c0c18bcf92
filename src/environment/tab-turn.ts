/** The part of the Web Locks API that is used. */
export type TabLocks = Pick<LockManager, 'request'>;

/** One tab's turn among all tabs of an origin that use the same name. */
export class TabTurn {
  readonly #name: string;
  readonly #locks: TabLocks | null;
  #release: (() => void) | null = null;

  /** @param locks the platform's lock manager; null where there is none (an insecure origin), and then everybody has a turn. */
  constructor(name: string, locks: TabLocks | null) {
    this.#name = name;
    this.#locks = locks;
  }

  get held(): boolean {
    return this.#release !== null;
  }

  /**
   * Waits for this tab's turn; at once where it has it already.
   *
   * @param onWaiting called when another tab has it
   */
  async take(signal: AbortSignal, onWaiting: () => void): Promise<void> {
    if (this.held || !this.#locks) return;
    const granted = await this.#request({ ifAvailable: true });
    if (signal.aborted) this.release();
    signal.throwIfAborted();
    if (granted) return;
    onWaiting();
    await this.#request({ signal });
  }

  /** Gives the turn to the next tab. */
  release(): void {
    this.#release?.();
    this.#release = null;
  }

  /** Resolves with whether the lock was granted; it is then held until {@link release}. */
  #request(options: LockOptions): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#locks
        ?.request(this.#name, options, (lock) => {
          if (!lock) return resolve(false);
          return new Promise<void>((release) => {
            this.#release = release;
            resolve(true);
          });
        })
        .catch(reject);
    });
  }
}

/** The platform's lock manager, or null where there is none. */
export function platformLocks(): TabLocks | null {
  return globalThis.navigator?.locks ?? null;
}
