import type { Clock } from '../../environment/clock.js';
import { wordsOf } from '../../token/targets.js';
import type { ApplyOutcome } from '../../token/token-applier.js';
import type { PlainCause, TokenFailure } from '../../token/token-failure.js';
import type { Grant } from '../../token/token-lease.js';
import type { TokenTarget } from '../../token/token-source.js';
import { callSdk, type SdkAnswer } from '../sdk/call-sdk.js';
import type { Lane } from '../sdk/lane.js';
import { errorClass } from '../sdk/reasons.js';
import { REMEDIES } from '../sdk/remedies.js';
import { deliveryOf } from './deliveries.js';
import type { SdkLogin } from './sdk-login.js';

interface TokenDeliveryOptions {
  readonly clock: Clock;
  readonly lane: Lane;
  login(): SdkLogin | null;
  isJoined(channelName: string): boolean;
}

/** The SDK gives a renewal up by itself (-10026); this is for when it does not. */
const RENEW_TIMEOUT_MS = 10_000;
/** The SDK says "not connected" to a renewal this often in a row before its link is doubted. */
const DOUBTS_TAKEN = 2;

/** How renewed tokens get to the SDK while the login's link stands. */
export class TokenDelivery {
  readonly #options: TokenDeliveryOptions;
  #notNow = 0;

  constructor(options: TokenDeliveryOptions) {
    this.#options = options;
  }

  /** Whether the SDK can take a renewed token for this target now. */
  isLive(target: TokenTarget): boolean {
    return this.#options.login()?.isUp === true && deliveryOf(target).isLive(target, this.#options);
  }

  /** A link that stands anew is not doubted. */
  trustLink(): void {
    this.#notNow = 0;
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
      this.#call(login, target, grant.token, (outcome) => {
        done(outcome);
        if (deliveryOf(target).showsLink) this.#watchLink(outcome);
      });
      return true;
    });
  }

  /** A resolved call counts as applied whatever its timestamp. */
  #call({ client }: SdkLogin, target: TokenTarget, token: string, done: (outcome: ApplyOutcome) => void): void {
    const { clock } = this.#options;
    const failure = failureOf('failed', target, { name: 'TimeoutError' });
    const unanswered = (): void => done({ kind: 'unanswered', failure });
    const timer = clock.setTimeout(unanswered, RENEW_TIMEOUT_MS);
    callSdk(
      () => client.renewToken(token, deliveryOf(target).options(target)),
      (answer) => {
        clock.clearTimeout(timer);
        if (answer.is === 'none') unanswered();
        else done(outcomeOf(answer, target));
      },
    );
  }

  /** The SDK says that it is not connected, again and again, while its link is believed to stand. */
  #watchLink({ kind }: ApplyOutcome): void {
    this.#notNow = kind === 'later' ? this.#notNow + 1 : 0;
    const login = this.#options.login();
    if (this.#notNow > DOUBTS_TAKEN && login?.isUp) login.doubt();
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
