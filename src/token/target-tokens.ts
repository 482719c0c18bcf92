import type { CallEnd } from './supersession.js';
import type { TokenFailure } from './token-failure.js';
import type { Grant, RequestCause } from './token-lease.js';

/** Whether a token can be had now. */
export type Taken =
  /** `grant` is null where the project has no certificate. */
  | { readonly is: 'ready'; readonly grant: Grant | null }
  /** It is being fetched. */
  | { readonly is: 'coming' }
  | { readonly is: 'denied'; readonly failure: TokenFailure };

/** The tokens of one target, for those who hand them to the SDK: what they take, and what they say became of it. */
export interface TargetTokens {
  /** A usable token, or one is asked for. */
  take(cause: RequestCause): Taken;
  /** It is handed to a login or a join. */
  give(grant: Grant): void;
  /** That call has ended, in time or late. */
  settle(grant: Grant, end: CallEnd): void;
  /** That call gave no answer in time, or its link was lost. */
  unanswered(grant: Grant): void;
  /** The link of a login with this token stands; what else was handed out is not waited for. */
  stands(grant: Grant): void;
  /** The token that the SDK works with has lapsed or was refused. */
  spendHeld(): void;
  /** The app's word: where it was denied, it may be asked for again. */
  pardon(): void;
  /** The SDK works with no token of this target any more. */
  clearApplied(): void;
}

/** For a project without a certificate. */
export const NO_TOKENS: TargetTokens = {
  take: () => ({ is: 'ready', grant: null }),
  give: () => {},
  settle: () => {},
  unanswered: () => {},
  stands: () => {},
  spendHeld: () => {},
  pardon: () => {},
  clearApplied: () => {},
};
