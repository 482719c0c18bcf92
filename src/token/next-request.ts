import type { Clock } from '../environment/clock.js';
import { rowOf } from './targets.js';
import { leftMs, mayJoinRequest, type RequestCause, type TokenLease } from './token-lease.js';
import { MAX_CHANNELS } from './wire-format.js';

/** What the next request asks for, the first one to be asked for in front, and why. */
export interface NextRequest {
  readonly leases: readonly TokenLease[];
  readonly cause: RequestCause;
}

/**
 * Whether several tokens may be asked for together. A passing failure of such a request may be the server's, or that of one target alone.
 *
 * - `none`: they may.
 * - `probe`: such a request has failed; the next one asks for the first alone.
 * - `trial`: that one was answered, so the server works; the next request for several shows whether one of them is the matter.
 */
export type BatchDoubt = 'none' | 'probe' | 'trial';

/**
 * What a request has shown. `splits`: each of its targets is asked for alone until it succeeds. A server that has answered a probe works,
 * and whoever waits need not wait any longer.
 */
export function doubtAfter(
  doubt: BatchDoubt,
  { together, failed }: { readonly together: boolean; readonly failed: boolean },
): { readonly doubt: BatchDoubt; readonly splits: boolean } {
  if (failed && together)
    return doubt === 'trial' ? { doubt: 'none', splits: true } : { doubt: 'probe', splits: false };
  if (failed) return { doubt, splits: false };
  if (doubt === 'probe') return { doubt: 'trial', splits: false };
  return { doubt: together ? 'none' : doubt, splits: false };
}

/**
 * Whom a request that failed for a passing reason has failed for. A probe stands for all that wait, but for what is asked for alone: a
 * server that is down is asked at the pace of one.
 */
export function failedFor(
  asked: readonly TokenLease[],
  leases: readonly TokenLease[],
  doubt: BatchDoubt,
): readonly TokenLease[] {
  if (doubt !== 'probe' || asked.some(({ alone }) => alone)) return asked;
  const waiting = leases.filter((lease) => lease.ask.is === 'wanted' && !lease.alone);
  return [...new Set([...asked, ...waiting])];
}

/**
 * Decides what goes into the next request: the login if it is wanted, else whoever has wanted longest, and with it all that is wanted
 * or old enough, up to the endpoint's limit. What must go alone goes alone. After a failure of several one goes alone, too: whichever has
 * failed so least often, since the matter may be one of them.
 */
export function nextRequest(
  leases: readonly TokenLease[],
  clock: Clock,
  doubt: BatchDoubt = 'none',
): NextRequest | null {
  const wanted = leases
    .flatMap((lease) => (lease.ask.is === 'wanted' ? [{ lease, ask: lease.ask }] : []))
    .sort((a, b) => a.ask.order - b.ask.order);
  const ready = wanted.filter(({ ask }) => leftMs(ask.wait, clock) === 0);
  const probes = Math.min(...ready.map(({ lease }) => lease.probes));
  const firsts = doubt === 'probe' ? ready.filter(({ lease }) => lease.probes === probes) : ready;
  const first = firsts.find(({ lease }) => isLogin(lease)) ?? firsts[0];
  if (!first) return null;
  if (first.lease.alone || doubt === 'probe') return { leases: [first.lease], cause: first.ask.cause };
  const old = leases.filter((lease) => mayJoinRequest(lease, clock));
  const company = [first.lease, ...wanted.map(({ lease }) => lease), ...old].filter(({ alone }) => !alone);
  const together = upToLimit([...new Set(company)]);
  const cause = ready.find(({ lease }) => together.includes(lease))?.ask.cause ?? first.ask.cause;
  return { leases: together, cause };
}

function upToLimit(leases: readonly TokenLease[]): TokenLease[] {
  let channels = 0;
  return leases.filter((lease) => {
    if (!isLogin(lease)) channels += 1;
    return isLogin(lease) || channels <= MAX_CHANNELS;
  });
}

function isLogin({ target }: TokenLease): boolean {
  return rowOf(target).cause === 'login';
}
