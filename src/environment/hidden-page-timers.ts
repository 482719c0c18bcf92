/** A longer wait has no need of being prompt, milliseconds. */
const LONGEST_MS = 5_000;
/** Ends the worker when nobody has needed it for so long, milliseconds; longer than any wait. */
const IDLE_MS = 10_000;
const WORKER_CODE = 'onmessage = ({ data: [handle, delayMs] }) => setTimeout(postMessage, delayMs, handle);';

type TimerWorker =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly worker: Worker; readonly url: string; idle: unknown }
  /** By a content security policy, or since the platform has no workers. */
  | { readonly kind: 'forbidden' };

/**
 * Timers that are on time in a hidden page. A browser lets a page's own fire once a second there, later once a minute, but those of a
 * worker when they are due. The page's own runs beside the worker's all the same: it serves where the worker is forbidden or dies.
 */
export class HiddenPageTimers {
  readonly #waiting = new Map<unknown, () => void>();
  #state: TimerWorker = { kind: 'none' };

  /** Calls `callback` once after `delayMs`, which is prompt for up to 5 s. */
  set(callback: () => void, delayMs: number): unknown {
    const handle = setTimeout(() => this.#fire(handle), delayMs);
    this.#waiting.set(handle, callback);
    if (globalThis.document?.visibilityState === 'hidden' && delayMs <= LONGEST_MS) this.#askWorker(handle, delayMs);
    return handle;
  }

  /** Cancels a timer of this kind, or a plain one. */
  clear(handle: unknown): void {
    this.#waiting.delete(handle);
    clearTimeout(handle as Parameters<typeof clearTimeout>[0]);
  }

  #fire(handle: unknown): void {
    const callback = this.#waiting.get(handle);
    this.clear(handle);
    callback?.();
  }

  #askWorker(handle: unknown, delayMs: number): void {
    try {
      if (this.#state.kind === 'none') this.#state = this.#start();
      if (this.#state.kind !== 'running') return;
      this.#state.worker.postMessage([handle, delayMs]);
      clearTimeout(this.#state.idle as Parameters<typeof clearTimeout>[0]);
      this.#state.idle = setTimeout(() => this.#end('none'), IDLE_MS);
    } catch {
      this.#end('forbidden');
    }
  }

  #start(): TimerWorker {
    const url = URL.createObjectURL(new Blob([WORKER_CODE]));
    const worker = new Worker(url);
    worker.onmessage = ({ data }) => this.#fire(data);
    // Most browsers tell only afterwards that a policy forbids a worker.
    worker.onerror = () => this.#end('forbidden');
    return { kind: 'running', worker, url, idle: null };
  }

  #end(kind: 'none' | 'forbidden'): void {
    if (this.#state.kind === 'running') {
      this.#state.worker.terminate();
      URL.revokeObjectURL(this.#state.url);
      clearTimeout(this.#state.idle as Parameters<typeof clearTimeout>[0]);
    }
    this.#state = { kind };
  }
}
