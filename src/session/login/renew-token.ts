import type { Clock } from '../../environment/clock.js';
import { wordsOf } from '../../token/targets.js';
import type { ApplyOutcome } from '../../token/token-applier.js';
import type { PlainCause, TokenErrorCode, TokenFailure } from '../../token/token-failure.js';
import type { TokenTarget } from '../../token/token-source.js';
import { callSdk, type SdkAnswer } from '../sdk/call-sdk.js';
import { errorClass } from '../sdk/reasons.js';
import type { SignalingClient } from '../sdk/signaling-client.js';
import { deliveryOf } from './deliveries.js';

/** The SDK gives a renewal up by itself (-10026); this is for when it does not. */
const RENEW_TIMEOUT_MS = 10_000;

/** A renewed token, and the SDK that is given it. */
export interface Renewal {
  readonly client: SignalingClient;
  readonly clock: Clock;
  readonly target: TokenTarget;
  readonly token: string;
}

/**
 * Gives a renewed token to the SDK. `done` is told what became of it, and after `unanswered` once more if the answer comes after all.
 * A resolved call counts as applied whatever its timestamp.
 */
export function renewToken({ client, clock, target, token }: Renewal, done: (outcome: ApplyOutcome) => void): void {
  const unanswered: ApplyOutcome = {
    kind: 'unanswered',
    failure: failure('RENEWAL_FAILED', target, { name: 'TimeoutError' }),
  };
  const timer = clock.setTimeout(() => done(unanswered), RENEW_TIMEOUT_MS);
  callSdk(
    () => client.renewToken(token, deliveryOf(target).options(target)),
    (answer) => {
      clock.clearTimeout(timer);
      done(answer.is === 'none' ? unanswered : outcomeOf(answer, target));
    },
  );
}

function outcomeOf(answer: Exclude<SdkAnswer<unknown>, { is: 'none' }>, target: TokenTarget): ApplyOutcome {
  if (answer.is === 'ok') return { kind: 'applied' };
  const { code, cause } = answer;
  const reason = errorClass(code);
  const isNotNow = deliveryOf(target).notNow.some((one) => one === code) || reason === 'throttled';
  if (isNotNow) return { kind: 'later' };
  if (reason === 'token' || reason === 'configuration') {
    return { kind: 'refused', failure: failure('TOKEN_REJECTED', target, cause) };
  }
  return { kind: 'failed', failure: failure('RENEWAL_FAILED', target, cause) };
}

function failure(code: TokenErrorCode, target: TokenTarget, cause: PlainCause): TokenFailure {
  const subject = wordsOf(target);
  const message =
    code === 'TOKEN_REJECTED'
      ? `Signaling refused the renewed token for ${subject}.`
      : `Signaling did not take the renewed token for ${subject}; it is given again.`;
  return { code, kind: 'transient', message, cause };
}
