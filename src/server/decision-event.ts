import type { IssuedService } from './token-handler-options.js';

/**
 * How one request to the token endpoint ended, for metrics and alarms. It never contains a token. Preflights are no decisions.
 *
 * - `granted`: tokens were given; `refusedCount` says how many of the things asked for were not.
 * - `refused`: by the caller's own fault or by what the app has decided; `code` says why. Status 200 with `FORBIDDEN`: everything that
 *   was asked for was refused singly.
 * - `limited`: the caller asks too often (429).
 * - `failed`: the backend could not decide; `onError` was told why.
 * - `abandoned`: the caller went away before they were answered.
 */
export type DecisionEvent = DecisionOutcome & {
  /** Milliseconds from the request's arrival at the handler until the answer was ready, its body included. */
  readonly tookMs: number;
  /** Who asked; null where `authorize` has not said so. */
  readonly userId: string | null;
};

/** What {@link DecisionEvent} says of each outcome. */
export type DecisionOutcome =
  | {
      readonly outcome: 'granted';
      readonly status: 200;
      readonly services: readonly IssuedService[];
      readonly refusedCount: number;
    }
  | { readonly outcome: 'refused' | 'limited' | 'failed'; readonly status: number; readonly code: string }
  | { readonly outcome: 'abandoned' };
