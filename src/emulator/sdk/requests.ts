import type { Clock } from '../../environment/clock.js';
import type { Deferred } from '../../environment/waiting.js';
import type { OperationName, Operations } from '../protocol.js';
import type { Link } from '../transport.js';
import type { Call } from './call.js';
import { SignalingError, timeoutError } from './signaling-error.js';
import { timedDeferred } from './timed-deferred.js';

/** A request's answer with the service's time. */
export interface Answer<Name extends OperationName> {
  readonly reply: Operations[Name]['reply'];
  readonly timestamp: number;
}

/** How one call of the SDK is named in its errors, and which code it gets when no answer comes. */
export interface CallNames {
  readonly operation: string;
  readonly timeoutCode: number;
  /** The app's call that it is part of; absent for what the client does by itself. */
  readonly call?: Call | undefined;
}

const ANSWER_TIMEOUT_MS = 10_000;

/** The requests that are on their way. When the link goes, all of them fail at once and leave no timer behind. */
export class Requests {
  readonly #clock: Clock;
  readonly #open = new Map<Deferred<never>, string>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Sends a request and turns a refusal or silence into the SDK's error. */
  async send<Name extends OperationName>(
    link: Link,
    name: Name,
    request: Operations[Name]['request'],
    { operation, timeoutCode, call }: CallNames,
  ): Promise<Answer<Name>> {
    const failure = timedDeferred<never>(this.#clock, ANSWER_TIMEOUT_MS, (late) =>
      late.reject(timeoutError(operation, timeoutCode)),
    );
    this.#open.set(failure, operation);
    call?.timedBy(failure);
    try {
      const answer = call ? call.send(link, name, request) : link.request(name, request);
      const outcome = await Promise.race([answer, failure.promise]);
      if (!outcome.ok) throw new SignalingError(operation, outcome.code);
      return { reply: outcome.reply, timestamp: outcome.timestamp };
    } finally {
      this.#open.delete(failure);
      // Only clears the timer: the race is over, and nobody looks at this promise any more.
      failure.promise.catch(() => {});
      failure.reject(null);
    }
  }

  /** Fails everything that is on its way. */
  abandon(): void {
    for (const [failure, operation] of this.#open) failure.reject(new SignalingError(operation, -10025));
    this.#open.clear();
  }
}
