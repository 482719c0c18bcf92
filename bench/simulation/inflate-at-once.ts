import { constants, inflateSync } from 'node:zlib';

/**
 * As much of a `DecompressionStream` as reading a token needs, without threads, which simulated time knows nothing of, and at a
 * twentieth of the cost: a simulation reads a million tokens.
 */
class InstantDecompressionStream {
  #inflated: Uint8Array | undefined;

  readonly writable = {
    getWriter: () => ({
      write: async (deflated: Uint8Array): Promise<void> => {
        this.#inflated = inflateSync(deflated, { finishFlush: constants.Z_SYNC_FLUSH });
      },
      close: async (): Promise<void> => {},
    }),
  };

  readonly readable = {
    getReader: () => ({
      read: async (): Promise<{ done: boolean; value?: Uint8Array }> => {
        const value = this.#inflated;
        this.#inflated = undefined;
        return value ? { done: false, value } : { done: true };
      },
      cancel: async (): Promise<void> => {},
    }),
  };
}

/** Replaces the platform's `DecompressionStream` for the rest of this process. */
export function inflateAtOnce(): void {
  globalThis.DecompressionStream = InstantDecompressionStream as unknown as typeof DecompressionStream;
}
