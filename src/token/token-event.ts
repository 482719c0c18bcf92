import type { TokenErrorCode, TokenFailure } from './token-failure.js';
import type { RequestCause } from './token-lease.js';
import type { RenewalCause, TokenTarget } from './token-source.js';

/** Everything that happens to the tokens of a session, said once. None of it holds a token. */
export type TokenEvent =
  /** The token source is asked. */
  | { readonly type: 'request'; readonly targets: readonly TokenTarget[]; readonly cause: RequestCause }
  /** It has answered, or its time is over. A request that nobody wants any more has no answer. */
  | {
      readonly type: 'answer';
      readonly targets: readonly TokenTarget[];
      readonly tookMs: number;
      /** How many of the targets got a token that is of use. */
      readonly tokens: number;
      /** Why the request as a whole failed; null where an answer came. */
      readonly code: TokenErrorCode | null;
    }
  /** A target has a fresh token, which the SDK does not have yet. */
  | { readonly type: 'granted'; readonly target: TokenTarget }
  /** The SDK accepted a renewed token. */
  | {
      readonly type: 'renewed';
      readonly target: TokenTarget;
      readonly cause: RenewalCause;
      readonly lifetimeMs: number;
      readonly tookMs: number;
    }
  /** A request or a renewal failed. `retryInMs` is null where nobody asks again by itself. */
  | {
      readonly type: 'tokenFailed';
      readonly target: TokenTarget;
      readonly failure: TokenFailure;
      readonly attempt: number;
      readonly retryInMs: number | null;
    }
  /** Something is odd with what the token server gives. It comes with each token that is so; a logger says it once. */
  | { readonly type: 'warning'; readonly message: string }
  /** Something that a snapshot shows of the leases may be otherwise. */
  | { readonly type: 'tokens' };
