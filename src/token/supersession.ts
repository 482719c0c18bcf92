import type { Clock } from '../environment/clock.js';
import { type Grant, leftMs, lifeLeftMs, type TokenLease } from './token-lease.js';

/**
 * Which of a lease's tokens counts. A token may be replaced while a login, a join or a renewal with an earlier one is still open, and
 * that call's answer may never come, or come late. So each grant has a serial, and the lease remembers every one that was handed out
 * until its call has ended: success applies the higher serial of the two, anything else proves nothing.
 */

/** What a call that a token was handed to has shown. */
export type CallEnd =
  /** The SDK has taken the token. */
  | 'accepted'
  /** The SDK refused it. */
  | 'refused'
  /** The call ended without a word on the token: it failed otherwise, or its success shows nothing. */
  | 'unproven';

/** What to do about a token that the SDK does not have yet. */
export type NextApply =
  | { readonly do: 'nothing' }
  /** The SDK cannot take it now; it is given at the next CONNECTED. */
  | { readonly do: 'hold' }
  /** The newest one is of no use: another is asked for. */
  | { readonly do: 'ask' }
  | { readonly do: 'renew'; readonly grant: Grant };

/** The newest token if it can be used for a login or join now: neither refused, lapsed by our own count, nor with a silent call. */
export function usableGrant(lease: TokenLease, clock: Clock): Grant | null {
  const { newest } = lease;
  return newest && isGood(lease, newest) && lifeLeftMs(newest, clock) > 0 ? newest : null;
}

/** Decides whether `renewToken` is due: whenever the newest token is newer than the applied one and nothing stands between. */
export function nextApply(lease: TokenLease, isLive: boolean, clock: Clock): NextApply {
  const { newest, applied, given, applyWait } = lease;
  if (!newest || newest.serial <= (applied?.serial ?? 0)) return { do: 'nothing' };
  if (!isLive) return { do: 'hold' };
  if (given.size > 0 || leftMs(applyWait, clock) > 0) return { do: 'nothing' };
  return isGood(lease, newest) ? { do: 'renew', grant: newest } : { do: 'ask' };
}

/** A token is handed to a login, a join or a renewal. */
export function give(lease: TokenLease, grant: Grant): void {
  lease.given.set(grant.serial, grant);
}

/** Such a call has ended, be it late; says whether the lease has another applied token now. */
export function settle(lease: TokenLease, grant: Grant, end: CallEnd): boolean {
  lease.given.delete(grant.serial);
  lease.stale.delete(grant.serial);
  if (end === 'refused') spend(lease, grant);
  if (end !== 'accepted' || grant.serial <= (lease.applied?.serial ?? 0)) return false;
  lease.applied = grant;
  return true;
}

/** Such a call timed out, was answered oddly or lost its link: its token is not given again and not waited for. */
export function unanswered(lease: TokenLease, grant: Grant): void {
  if (lease.given.delete(grant.serial)) lease.stale.set(grant.serial, grant);
}

/** The link of a login stands: its token is what the SDK works with, and whatever else was handed out is not waited for. */
export function loginStands(lease: TokenLease, grant: Grant): boolean {
  for (const other of [...lease.given.values()]) unanswered(lease, other);
  return settle(lease, grant, 'accepted');
}

/** The SDK's token has lapsed or was refused after the fact: the applied one, and what was handed out on top of it. */
export function spendHeld(lease: TokenLease): void {
  for (const grant of [lease.applied, ...lease.given.values(), ...lease.stale.values()]) if (grant) spend(lease, grant);
}

/** This token is of no more use, nor is any before it. */
export function spend(lease: TokenLease, grant: Grant): void {
  if (grant.serial > (lease.spent?.serial ?? 0)) lease.spent = grant;
}

function isGood({ spent, stale }: TokenLease, grant: Grant): boolean {
  return grant.serial > (spent?.serial ?? 0) && !stale.has(grant.serial);
}
