import { type Clock, elapsedMs, type Instant } from '../environment/clock.js';
import { type RefreshPolicy, renewalAgeMs } from './refresh-schedule.js';
import type { TokenFailure } from './token-failure.js';
import type { RenewalCause, TokenRequest, TokenTarget } from './token-source.js';

/** Why a token is asked for. */
export type RequestCause = TokenRequest['cause'];

/** A token as it was obtained. */
export interface HeldToken {
  readonly token: string;
  /** When its request was sent; its life is counted from here. */
  readonly sentAt: Instant;
  readonly lifeMs: number;
  readonly cause: RequestCause;
  /** When it was first wanted, to say how long the renewal took. */
  readonly wantedAt: Instant;
}

/** A span that began at some instant. */
export interface Wait {
  readonly since: Instant;
  readonly ms: number;
}

/** A token is wanted: why, since when, and not before when. */
export interface Want {
  readonly cause: RequestCause;
  readonly since: Instant;
  readonly order: number;
  wait: Wait | null;
}

/** Told what became of a want. */
export interface Waiter {
  /** `token`: a usable token is in hand. `applied`: and the SDK has it, or cannot take it now. */
  readonly until: 'token' | 'applied';
  readonly resolve: (result: Obtained) => void;
}

/** A usable token, or why there is none. */
export type Obtained =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly failure: TokenFailure };

/**
 * What is known of the token of one target. Pure data: the keeper alone changes it, and the functions below decide.
 */
export interface TokenLease {
  readonly target: TokenTarget;
  /** The newest token, as long as the SDK does not have it. */
  held: HeldToken | null;
  /** The token that the SDK works with. */
  applied: HeldToken | null;
  /** A token that the SDK refused or that lapsed; it is of no more use. */
  spent: string | null;
  want: Want | null;
  /** The age of the newest token at which it is to be renewed. */
  dueAgeMs: number;
  /** Failures in a row. */
  failures: number;
  /** Set while the last word on this target was a denial. */
  denial: TokenFailure | null;
  /** Whether this lease must be asked for alone, since a request for several was denied. */
  alone: boolean;
  /** The SDK is being given the held token right now. */
  applying: boolean;
  /** How long to leave the SDK alone after a renewal that it did not take. */
  applyWait: Wait | null;
  waiters: Waiter[];
}

export function newLease(target: TokenTarget): TokenLease {
  return {
    target,
    held: null,
    applied: null,
    spent: null,
    want: null,
    dueAgeMs: Number.POSITIVE_INFINITY,
    failures: 0,
    denial: null,
    alone: false,
    applying: false,
    applyWait: null,
    waiters: [],
  };
}

/** The key under which a target's lease is kept. */
export function targetKey(target: TokenTarget): string {
  return target.kind === 'signaling' ? 'signaling' : `stream ${target.channelName}`;
}

/** The token that counts: the newest one. */
export function newest(lease: TokenLease): HeldToken | null {
  return lease.held ?? lease.applied;
}

/** What is left of a wait. */
export function leftMs(wait: Wait | null, clock: Clock): number {
  return wait ? Math.max(0, wait.ms - elapsedMs(clock, wait.since)) : 0;
}

/** What is left of the newest token's life; 0 without one. */
export function remainingMs(lease: TokenLease, clock: Clock): number {
  const token = newest(lease);
  return token ? Math.max(0, token.lifeMs - elapsedMs(clock, token.sentAt)) : 0;
}

/** Milliseconds until the newest token's renewal is due; infinite where nothing will be due. */
export function dueInMs(lease: TokenLease, clock: Clock): number {
  const token = newest(lease);
  if (!token || lease.denial) return Number.POSITIVE_INFINITY;
  return Math.max(0, lease.dueAgeMs - elapsedMs(clock, token.sentAt));
}

/** Whether the newest token is old enough to join a request that leaves anyway: a third of its life. */
export function mayJoinRequest(lease: TokenLease, clock: Clock): boolean {
  const token = newest(lease);
  return !lease.denial && token !== null && elapsedMs(clock, token.sentAt) > token.lifeMs / 3;
}

const UNCONDITIONAL: ReadonlySet<RequestCause> = new Set(['manual', 'expired', 'rejected', 'login', 'join']);
/** Whether a cause is one for which an app is told that a token was renewed. */
export function isRenewal(cause: RequestCause): cause is RenewalCause {
  return cause !== 'login' && cause !== 'join';
}

/** One lease never renews twice within a quarter of its life, whatever asks; except for causes that leave no choice. */
export function isTooSoon(lease: TokenLease, cause: RequestCause, clock: Clock): boolean {
  const token = newest(lease);
  if (!token || UNCONDITIONAL.has(cause) || !isRenewal(token.cause)) return false;
  return elapsedMs(clock, token.sentAt) < token.lifeMs / 4;
}

/** The newest token if it can be used for a login or join now: not spent, and not lapsed by its own count. */
export function usableToken(lease: TokenLease, clock: Clock): HeldToken | null {
  const token = newest(lease);
  return token && token.token !== lease.spent && remainingMs(lease, clock) > 0 ? token : null;
}

/** Tells the waiters of one kind; a failure that is told to those of a `token` is final, and told to the others too. */
export function answer(lease: TokenLease, result: Obtained, until: Waiter['until']): void {
  const told = lease.waiters.filter((waiter) => waiter.until === until || (until === 'token' && !result.ok));
  lease.waiters = lease.waiters.filter((waiter) => !told.includes(waiter));
  for (const waiter of told) waiter.resolve(result);
}

/** Nobody is left waiting for a lease that is no more. */
export function forget(lease: TokenLease): void {
  lease.held = null;
  const message = 'The token is no longer wanted.';
  answer(lease, { ok: false, failure: { code: 'TOKEN_REQUEST_FAILED', kind: 'transient', message } }, 'token');
}

/** The age at which a token is to be renewed that was fetched for this cause; one draw serves a whole request. */
export function plannedAgeMs(
  lifeMs: number,
  cause: RequestCause,
  draw: number,
  { first, later }: RefreshPolicy,
): number {
  // A recovery is a login too, and one that many clients make at the same moment after an outage.
  const afterLogin = !isRenewal(cause) || cause === 'expired';
  const ageMs = renewalAgeMs(lifeMs, draw, afterLogin ? first : later);
  return afterLogin ? ageMs : Math.max(ageMs, lifeMs / 4);
}
