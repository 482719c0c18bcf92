import { type Clock, elapsedMs, type Instant, instant } from '../environment/clock.js';
import { type RefreshPolicy, renewalAgeMs } from './refresh-schedule.js';
import type { TokenFailure } from './token-failure.js';
import type { RenewalCause, TokenRequest, TokenTarget } from './token-source.js';

/** Why a token is asked for. */
export type RequestCause = TokenRequest['cause'];

/** A token as it was obtained. */
export interface Grant {
  /** Counts the grants of a session: of two, the higher one is the newer. */
  readonly serial: number;
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

/** Whether a fresh token is asked for. */
export type Ask =
  | { readonly is: 'content' }
  /** One is wanted: why, since when, and not before `wait` is over. `order` tells which want came first. */
  | {
      readonly is: 'wanted';
      readonly cause: RequestCause;
      readonly since: Instant;
      readonly order: number;
      wait: Wait | null;
    }
  /** The last word on this target was a denial: nobody asks again by itself. */
  | { readonly is: 'denied'; readonly failure: TokenFailure };

/** Told what became of a want. */
export interface Waiter {
  /** `token`: a usable token is in hand. `applied`: and the SDK has it, or cannot take it now. */
  readonly until: 'token' | 'applied';
  readonly resolve: (result: Obtained) => void;
}

/** A usable token, or why there is none. */
export type Obtained =
  | { readonly ok: true; readonly grant: Grant }
  | { readonly ok: false; readonly failure: TokenFailure };

/**
 * What is known of the tokens of one target. Pure data: the keeper alone changes it, the functions below and those of
 * `supersession.ts` decide.
 */
export interface TokenLease {
  readonly target: TokenTarget;
  newest: Grant | null;
  /** The one that the SDK works with. */
  applied: Grant | null;
  /** Handed to a login, a join or a renewal that is still open; by serial. */
  readonly given: Map<number, Grant>;
  /** Handed to a call that never answered: not given again, and not waited for, until that call ends after all. */
  readonly stale: Map<number, Grant>;
  /** The newest one that was refused or has lapsed; it and those before it are of no more use. */
  spent: Grant | null;
  ask: Ask;
  /** The age of the newest token at which it is to be renewed. */
  dueAgeMs: number;
  /** Failures in a row. */
  failures: number;
  /** Whether this lease must be asked for alone, since a request for several was refused. */
  alone: boolean;
  /** How often in a row it was asked for as a probe, in vain; see `BatchDoubt`. */
  probes: number;
  /** How long to leave the SDK alone after a renewal that it did not take. */
  applyWait: Wait | null;
  waiters: Waiter[];
}

/** A lease of which nothing is known yet. */
export function newLease(target: TokenTarget): TokenLease {
  return {
    target,
    newest: null,
    applied: null,
    given: new Map(),
    stale: new Map(),
    spent: null,
    ask: { is: 'content' },
    dueAgeMs: Number.POSITIVE_INFINITY,
    failures: 0,
    alone: false,
    probes: 0,
    applyWait: null,
    waiters: [],
  };
}

/** A wait that begins now. */
export function waitOf(clock: Clock, ms: number): Wait {
  return { since: instant(clock), ms };
}

/** What is left of a wait. */
export function leftMs(wait: Wait | null, clock: Clock): number {
  return wait ? Math.max(0, wait.ms - elapsedMs(clock, wait.since)) : 0;
}

/** What is left of a token's life by our own count; 0 without one. */
export function lifeLeftMs(grant: Grant | null, clock: Clock): number {
  return grant ? Math.max(0, grant.lifeMs - elapsedMs(clock, grant.sentAt)) : 0;
}

/** Milliseconds until the newest token's renewal is due; infinite where nothing will be due. */
export function dueInMs({ newest, ask, dueAgeMs }: TokenLease, clock: Clock): number {
  if (!newest || ask.is === 'denied') return Number.POSITIVE_INFINITY;
  return Math.max(0, dueAgeMs - elapsedMs(clock, newest.sentAt));
}

/** Whether the newest token is old enough to join a request that leaves anyway: a third of its life. */
export function mayJoinRequest({ newest, ask }: TokenLease, clock: Clock): boolean {
  return ask.is === 'content' && newest !== null && elapsedMs(clock, newest.sentAt) > newest.lifeMs / 3;
}

const UNCONDITIONAL: ReadonlySet<RequestCause> = new Set(['manual', 'expired', 'rejected', 'login', 'join']);

/** Whether a cause is one for which an app is told that a token was renewed. */
export function isRenewal(cause: RequestCause): cause is RenewalCause {
  return cause !== 'login' && cause !== 'join';
}

/** One lease never renews twice within a quarter of its life, whatever asks; except for causes that leave no choice. */
export function isTooSoon({ newest }: TokenLease, cause: RequestCause, clock: Clock): boolean {
  if (!newest || UNCONDITIONAL.has(cause) || !isRenewal(newest.cause)) return false;
  return elapsedMs(clock, newest.sentAt) < newest.lifeMs / 4;
}

/** Tells the waiters of one kind; a failure that is told to those of a `token` is final, and told to the others too. */
export function answer(lease: TokenLease, result: Obtained, until: Waiter['until']): void {
  const told = lease.waiters.filter((waiter) => waiter.until === until || (until === 'token' && !result.ok));
  lease.waiters = lease.waiters.filter((waiter) => !told.includes(waiter));
  for (const waiter of told) waiter.resolve(result);
}

/** Nobody is left waiting for a lease that is no more. */
export function forget(lease: TokenLease): void {
  const message = 'The token is no longer wanted.';
  answer(lease, { ok: false, failure: { code: 'TOKEN_REQUEST_FAILED', kind: 'transient', message } }, 'token');
}

/** No token is renewed at a lower age, whatever life it claims: a server that is wrong about that must not be asked without pause. */
const LOWEST_AGE_MS = 500;

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
  return Math.max(LOWEST_AGE_MS, ageMs, afterLogin ? 0 : lifeMs / 4);
}
