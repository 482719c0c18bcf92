import { nextTurns } from './turns.js';

/** How many tokens are being inflated. */
let underWay = 0;

/** In these what waited for a token goes on, be it to the next token. */
const TURNS_TO_GO_ON = 4;

/** So long a stream is waited for that nobody reads to its end. */
const MOST_TURNS = 10_000;

/**
 * A `DecompressionStream` that is counted until it has been read to its end. The platform inflates on another thread, in its own time,
 * of which a virtual clock knows nothing: only so can it wait for it.
 */
class CountedDecompressionStream implements DecompressionStream {
  readonly writable: DecompressionStream['writable'];
  readonly readable: DecompressionStream['readable'];

  constructor(Platform: typeof DecompressionStream, format: CompressionFormat) {
    const { writable, readable } = new Platform(format);
    this.writable = writable;
    this.readable = counted(readable);
  }
}

function counted(source: DecompressionStream['readable']): DecompressionStream['readable'] {
  const reader = source.getReader();
  let isOpen = true;
  // It counts on for as long as what waited for it needs to go on.
  const end = (): void => {
    if (isOpen) void nextTurns(TURNS_TO_GO_ON).then(() => (underWay -= 1));
    isOpen = false;
  };
  underWay += 1;
  return new ReadableStream({
    async pull(controller) {
      const next = await reader.read().catch((error: unknown) => {
        end();
        throw error;
      });
      if (!next.done) {
        controller.enqueue(next.value);
        return;
      }
      end();
      controller.close();
    },
    cancel(reason) {
      end();
      return reader.cancel(reason);
    },
  });
}

/** Puts the counted stream in the place of the platform's, for as long as the page or the process lives. */
export function countInflating(): void {
  const Platform = globalThis.DecompressionStream;
  if (typeof Platform !== 'function') return;
  globalThis.DecompressionStream = class extends CountedDecompressionStream {
    constructor(format: CompressionFormat) {
      super(Platform, format);
    }
  };
}

/** Waits until nothing is being inflated any more, and what waited for it has gone on. */
export async function inflated(): Promise<void> {
  for (let turn = 0; underWay > 0 && turn < MOST_TURNS; turn += TURNS_TO_GO_ON) await nextTurns(TURNS_TO_GO_ON);
}
