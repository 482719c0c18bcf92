import { bounded, type Deferred, deferred } from './waiting.js';

/** The part of the Web Locks API that is used. */
export type TabLocks = Pick<LockManager, 'request'>;

/** What happens to a tab's turn. */
export interface TurnListener {
  /** Another tab has it. */
  onWaiting(): void;
  /** It was given up, since the page is about to be frozen: a frozen page keeps no login, and must not keep others from having one. */
  onLost(): void;
  /** There are no turns here, and everybody has one. */
  onUnavailable(message: string): void;
}

/** What a turn is of, and what it works with. */
export interface TabTurnOptions {
  readonly name: string;
  /** The platform's lock manager; null where there is none (an insecure origin), and then everybody has a turn. */
  readonly locks: TabLocks | null;
  /** Where `freeze` and `resume` are told; null outside a page. */
  readonly page: EventTarget | null;
}

/** One tab's turn among all tabs of an origin that use the same name. */
export class TabTurn {
  readonly #name: string;
  readonly #locks: TabLocks | null;
  readonly #page: EventTarget | null;
  #release: (() => void) | null = null;
  #thawed: Deferred<void> | null = null;
  #stopWatching: () => void = () => {};

  constructor({ name, locks, page }: TabTurnOptions) {
    this.#name = name;
    this.#locks = locks;
    this.#page = page;
  }

  /** Waits for this tab's turn; at once where it has it already. Rejects with the signal's reason. */
  async take(signal: AbortSignal, listener: TurnListener): Promise<void> {
    if (!this.#locks) {
      listener.onUnavailable('`tabs: "wait"` needs the Web Locks API (a secure origin); the newest tab takes over.');
      return;
    }
    try {
      if (!this.#release) await this.#wait(this.#locks, signal, listener);
    } catch (error) {
      signal.throwIfAborted();
      // The platform has locks and denies them: a sandboxed frame, an opaque origin, a page that is being unloaded.
      const name = error instanceof Error ? error.name : typeof error;
      listener.onUnavailable(
        `\`tabs: "wait"\` needs Web Locks, which this page may not use (${name}); the newest tab takes over.`,
      );
      return;
    }
    this.#watch(() => listener.onLost());
  }

  /** Keeps the turn whatever happens to the page, until it is taken anew or released. */
  keep(): void {
    this.#stopWatching();
  }

  /** Asks until the turn is there, anew after every time that the page was frozen meanwhile. */
  async #wait(locks: TabLocks, signal: AbortSignal, listener: TurnListener): Promise<void> {
    do {
      signal.throwIfAborted();
      if (this.#thawed) {
        listener.onWaiting();
        await bounded(this.#thawed.promise, { signal });
      }
      await this.#ask(locks, signal, listener);
    } while (!this.#release || signal.aborted);
  }

  async #ask(locks: TabLocks, signal: AbortSignal, listener: TurnListener): Promise<void> {
    const asking = new AbortController();
    const stop = (): void => asking.abort();
    signal.addEventListener('abort', stop);
    const unwatch = this.#watch(stop);
    try {
      const granted = await this.#request(locks, asking.signal, { ifAvailable: true });
      if (granted || asking.signal.aborted) return;
      listener.onWaiting();
      await this.#request(locks, asking.signal, { signal: asking.signal });
    } catch (error) {
      if (!asking.signal.aborted) throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      if (!this.#release) unwatch();
    }
  }

  /** Gives the turn to the next tab. */
  release(): void {
    this.#stopWatching();
    this.#release?.();
    this.#release = null;
  }

  /** A page that freezes gives up its turn, and its place among those who wait: it would keep both until somebody looks at it again. */
  #watch(onFreeze: () => void): () => void {
    this.#stopWatching();
    const freeze = (): void => {
      const thawed = deferred<void>();
      this.#thawed = thawed;
      this.release();
      this.#page?.addEventListener('resume', () => this.#thaw(thawed), { once: true });
      onFreeze();
    };
    this.#page?.addEventListener('freeze', freeze);
    const stop = (): void => this.#page?.removeEventListener('freeze', freeze);
    this.#stopWatching = stop;
    return stop;
  }

  #thaw(thawed: Deferred<void>): void {
    this.#thawed = null;
    thawed.resolve();
  }

  /** Resolves with whether the lock was granted to one who still wants it; it is then held until {@link release}. */
  #request(locks: TabLocks, wanted: AbortSignal, options: LockOptions): Promise<boolean> {
    return new Promise((resolve, reject) => {
      locks
        .request(this.#name, options, (lock) => {
          if (!lock || wanted.aborted) return resolve(false);
          return new Promise<void>((release) => {
            this.#release = release;
            resolve(true);
          });
        })
        .catch(reject);
    });
  }
}

/** The page that tells of `freeze` and `resume`, or null outside one. */
export function platformPage(): EventTarget | null {
  return globalThis.document ?? null;
}

/** The platform's lock manager, or null where there is none, or a look at it is forbidden. */
export function platformLocks(): TabLocks | null {
  try {
    return globalThis.navigator?.locks ?? null;
  } catch {
    return null;
  }
}
