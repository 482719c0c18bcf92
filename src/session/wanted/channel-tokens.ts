import type { TargetTokens } from '../../token/target-tokens.js';

/** Where stream channels get their tokens from, and say what became of them. */
export interface ChannelTokens {
  of(channelName: string): TargetTokens;
  /** These channels need tokens, and no others. */
  keep(channelNames: readonly string[]): void;
  /** A channel may be able to take a renewed token now. */
  look(): void;
}
