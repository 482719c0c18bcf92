import { checkOptions, checkSignal, checkTimeoutMs } from '../state/check-arguments.js';
import { invalid } from '../state/session-error.js';

/** How a message waits. */
export interface QueueOptions {
  /** What happens while it cannot be sent: it waits for its time, or rejects at once. Default: `wait`; `reject` for topic messages. */
  whenDown?: 'wait' | 'reject';
  /** Milliseconds from the call after which it rejects. Default 10 000. */
  timeoutMs?: number;
  /** Replaces a message of the same key and channel that still waits; that one rejects with `ABORTED`. */
  replaceKey?: string;
  /** Takes it out of the queue; without effect once it has been sent. */
  signal?: AbortSignal;
}

/** {@link QueueOptions} as they came: what was not given is undefined. */
export type QueueWish = { readonly [Name in keyof QueueOptions]-?: QueueOptions[Name] | undefined };

/**
 * Takes off what is ours before the SDK sees the options of a message.
 *
 * @throws SessionError INVALID_ARGUMENT; ABORTED by a signal that has aborted before
 */
export function splitQueueOptions<Options extends QueueOptions>(
  options: Options,
): [queue: QueueWish, sdkOptions: Omit<Options, keyof QueueOptions> | undefined] {
  checkOptions(options);
  const { whenDown, timeoutMs, replaceKey, signal, ...sdkOptions } = options;
  if (whenDown !== undefined && whenDown !== 'wait' && whenDown !== 'reject') {
    throw invalid('whenDown', '"wait" or "reject"', whenDown);
  }
  checkTimeoutMs(timeoutMs);
  if (replaceKey !== undefined && typeof replaceKey !== 'string') throw invalid('replaceKey', 'a string', replaceKey);
  checkSignal(signal, 'The message');
  return [{ whenDown, timeoutMs, replaceKey, signal }, Object.keys(sdkOptions).length > 0 ? sdkOptions : undefined];
}

/**
 * A message as it is now: its bytes may change while it waits.
 *
 * @throws SessionError INVALID_ARGUMENT
 */
export function messageOf(message: string | Uint8Array): string | Uint8Array {
  // By its tag: a test's DOM has a Uint8Array of its own.
  if (typeof message !== 'string' && Object.prototype.toString.call(message) !== '[object Uint8Array]')
    throw invalid('message', 'a string or a Uint8Array', message);
  return typeof message === 'string' ? message : new Uint8Array(message);
}
