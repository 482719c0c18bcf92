/**
 * What an app may take to react once it could: a request that got lost takes 10 s to be given up, and the polite wait up to a minute
 * before the next one. The same for all contenders.
 */
export const REACTION_MS = 70_000;
/**
 * A token may lapse so soon after it could be had again that an app which asks once a second is too late.
 */
const NOTICE_MS = 2_000;
/** In a hidden page every timer may be so much late. */
const THROTTLE_MS = 60_000;

/** The time to react in a page. Two timers are on the way to a recovery: the request's, and the wait before the next one. */
export function reactionMs({ throttled }: { readonly throttled: boolean }): number {
  return REACTION_MS + (throttled ? 2 * THROTTLE_MS : 0);
}

/** The time to notice in a page that a token can be had again. */
export function noticeMs({ throttled }: { readonly throttled: boolean }): number {
  return NOTICE_MS + (throttled ? THROTTLE_MS : 0);
}
