import { checkGrant, type GrantVerdict } from './grant-check.js';
import { kindOf } from './kind-of.js';
import type { NextRequest } from './next-request.js';
import { askFor, rowOf } from './targets.js';
import { isErrorLike } from './thrown.js';
import type { TokenFailure } from './token-failure.js';
import type { TokenLease, Wait } from './token-lease.js';
import { describeFailure, requestTokens } from './token-request.js';
import type { TokenResponse, TokenSource } from './token-source.js';

/** A request on its way; its time counts from when it was sent. */
export interface ExchangeRequest extends NextRequest {
  readonly timeout: Wait;
  readonly controller: AbortController;
}

/** How a request ended. */
export interface ExchangeResult {
  /** Why the request as a whole failed; null when an answer came. */
  readonly failure: TokenFailure | null;
  /** What came for each of the leases, in their order; nothing where the whole failed. */
  readonly verdicts: readonly GrantVerdict[];
}

/** Who asks whom. */
export interface ExchangeOptions {
  readonly appId: string;
  readonly userId: string;
  readonly source: TokenSource;
}

/** Asks the token source, and checks what it gives. Never rejects. */
export async function exchange(request: ExchangeRequest, options: ExchangeOptions): Promise<ExchangeResult> {
  const { appId, userId, source } = options;
  const { leases, cause, timeout, controller } = request;
  const asked = { appId, userId, ...askFor(leases.map(({ target }) => target)), cause };
  const outcome = await requestTokens(source, asked, controller.signal);
  if (!outcome.ok) return { failure: outcome.failure, verdicts: [] };
  const judge = (lease: TokenLease): Promise<GrantVerdict> =>
    judgeFor(lease, outcome.response, { appId, userId, sentAt: timeout.since.wall }).catch(failed);
  return { failure: null, verdicts: await Promise.all(leases.map(judge)) };
}

/** An error stands in the place of a token, or was thrown when that was read, as by a getter of the app's. */
function failed(thrown: unknown): GrantVerdict {
  return { ok: false, failure: describeFailure(thrown) };
}

async function judgeFor(
  { target, applied, given, stale, spent }: TokenLease,
  response: TokenResponse,
  asked: { readonly appId: string; readonly userId: string; readonly sentAt: number },
): Promise<GrantVerdict> {
  const row = rowOf(target);
  const all: unknown = response[row.field];
  const isList = Array.isArray(all);
  // What has no fields is refused as what it is; an empty list is what some languages have for an object without any.
  const hasFields = isList ? all.length === 0 : kindOf(all).startsWith('{');
  const grant = hasFields ? row.find(response, target) : (all as never);
  if (isErrorLike(grant)) return failed(grant);
  return checkGrant(grant, {
    ...asked,
    target,
    // In use, or with a call that is open: another copy renews nothing.
    previous: [applied, ...given.values(), ...stale.values()].map((held) => held?.token ?? null),
    refused: [spent?.token ?? null],
    // A header that cannot be read makes no date: no life is counted from that.
    servedAt: Number.isFinite(response.servedAt) ? Number(response.servedAt) : null,
  });
}
