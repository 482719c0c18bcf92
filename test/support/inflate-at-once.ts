import { constants, inflateSync } from 'node:zlib';

/**
 * A `DecompressionStream` that answers within promise jobs. The platform's goes through a thread, which virtual time knows nothing
 * of. `test/token/read-access-token.test.ts` and the Chromium tests use the real one.
 */
class DecompressionAtOnce extends TransformStream<Uint8Array, Uint8Array> {
  constructor() {
    super({
      transform(chunk, controller) {
        controller.enqueue(inflateSync(chunk, { finishFlush: constants.Z_SYNC_FLUSH }));
      },
    });
  }
}

/** Use as a setup for tests in virtual time. What it gives ends it. */
export function inflateAtOnce(): () => void {
  const real = globalThis.DecompressionStream;
  globalThis.DecompressionStream = DecompressionAtOnce as unknown as typeof DecompressionStream;
  return () => {
    globalThis.DecompressionStream = real;
  };
}
