import type { JoinOptions, PublishOptions, SubscribeOptions } from 'agora-rtm-sdk';
import { checkOptions, checkSignal } from './state/check-arguments.js';
import type { QueueOptions } from './wanted/queue-options.js';

/** Limits a wait. */
interface Abortable {
  /** Ends the wait with `ABORTED`; what nobody waits for and never was so is wanted no more. */
  signal?: AbortSignal;
}

/** The SDK's options of a join, but for the token, which is the session's affair. */
export type KeptJoinOptions = Omit<JoinOptions, 'token'> & Abortable;
/** The SDK's options of a subscription. */
export type KeptSubscribeOptions = SubscribeOptions & Abortable;
/** The SDK's options of a message, and how it waits. */
export type KeptPublishOptions = PublishOptions & QueueOptions;

/**
 * Takes off what is ours before the SDK sees the options, and a token that slipped in.
 *
 * @throws SessionError INVALID_ARGUMENT; ABORTED by a signal that has aborted before
 */
export function withoutSignal<Options extends object>(
  options: Options & Abortable,
): [options: Omit<Options, 'signal' | 'token'>, signal: AbortSignal | undefined] {
  checkOptions(options);
  const { signal, token, ...sdkOptions } = options as Options & Abortable & { token?: unknown };
  checkSignal(signal, 'The call');
  return [sdkOptions, signal];
}
