import type { Clock } from '../../environment/clock.js';
import { wordsOf } from '../../token/targets.js';
import type { ApplyOutcome } from '../../token/token-applier.js';
import type { PlainCause, TokenFailure } from '../../token/token-failure.js';
import type { Grant } from '../../token/token-lease.js';
import type { TokenTarget } from '../../token/token-source.js';
import { callSdk, codeOf, type SdkAnswer } from '../sdk/call-sdk.js';
import type { Lane } from '../sdk/lane.js';
import { errorClass } from '../sdk/reasons.js';
import { REMEDIES } from '../sdk/remedies.js';
import { deliveryOf, type TokenHolders } from './deliveries.js';
import type { SdkLogin } from './sdk-login.js';

interface TokenDeliveryOptions extends TokenHolders {
  readonly clock: Clock;
  readonly lane: Lane;
  login(): SdkLogin | null;
}

/** The SDK gives a renewal up by itself (-10026); this is for when it does not. */
const RENEW_TIMEOUT_MS = 10_000;

/** How renewed tokens get to the SDK while the login's link stands. */
export class TokenDelivery {
  readonly #options: TokenDeliveryOptions;

  constructor(options: TokenDeliveryOptions) {
    this.#options = options;
  }

  /** Whether the SDK can take a renewed token for this target now. */
  isLive(target: TokenTarget): boolean {
    return this.#options.login()?.isUp === true && deliveryOf(target).isLive(target, this.#options);
  }

  /**
   * Gives a renewed token to the SDK as soon as it bears one more call. `done` is told what became of it, and after `unanswered` once
   * more if the answer comes after all.
   */
  renew(target: TokenTarget, grant: Grant, done: (outcome: ApplyOutcome) => void): void {
    this.#options.lane.enter('urgent', () => {
      const login = this.#options.login();
      if (!login || !this.isLive(target)) {
        done({ kind: 'later' });
        return false;
      }
      this.#call(login, target, grant.token, done);
      return true;
    });
  }

  /** A resolved call counts as applied whatever its timestamp. */
  #call({ client }: SdkLogin, target: TokenTarget, token: string, done: (outcome: ApplyOutcome) => void): void {
    const { clock } = this.#options;
    const failure = failureOf('failed', target, { name: 'TimeoutError' });
    const given = deliveryOf(target).given(target, this.#options);
    let isLate = false;
    const unanswered = (): void => {
      isLate = true;
      done({ kind: 'unanswered', failure });
    };
    const timer = clock.setTimeout(unanswered, RENEW_TIMEOUT_MS);
    callSdk(
      () => client.renewToken(token, deliveryOf(target).options(target)),
      (answer) => {
        clock.clearTimeout(timer);
        if (answer.is === 'none') unanswered();
        else done(outcomeOf(answer, target));
        if (!isLate) given(codeOf(answer));
      },
    );
  }
}

function outcomeOf(answer: Exclude<SdkAnswer<unknown>, { is: 'none' }>, target: TokenTarget): ApplyOutcome {
  if (answer.is === 'ok') return { kind: 'applied' };
  const { code, cause } = answer;
  const isNotNow = deliveryOf(target).notNow.some((one) => one === code);
  const kind = isNotNow ? 'later' : REMEDIES[errorClass(code)].renewal;
  return kind === 'later' ? { kind } : { kind, failure: failureOf(kind, target, cause) };
}

function failureOf(kind: 'refused' | 'failed', target: TokenTarget, cause: PlainCause): TokenFailure {
  const token = `the renewed token for ${wordsOf(target)}`;
  return kind === 'refused'
    ? { code: 'TOKEN_REJECTED', kind: 'transient', message: `Signaling refused ${token}.`, cause }
    : {
        code: 'RENEWAL_FAILED',
        kind: 'transient',
        message: `Signaling did not take ${token}; it is given again.`,
        cause,
      };
}
