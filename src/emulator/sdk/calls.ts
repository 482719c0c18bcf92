import type { Clock } from '../../environment/clock.js';
import { CallRates } from '../call-rates.js';
import type { CallFault, FaultOperation, OddValue } from '../faults/call-fault.js';
import type { FaultDesk } from '../faults/fault-orders.js';
import type { Transport } from '../transport.js';
import { Call } from './call.js';
import { SignalingError } from './signaling-error.js';

const TOO_MANY_CALLS = -10021;

type Strange = Extract<CallFault, { kind: 'throw' | 'odd' }>;

/** All calls of one client go through here: they are counted, and what was ordered to go wrong with them does. */
export class Calls {
  readonly #userId: string;
  readonly #desk: FaultDesk;
  readonly #rates: CallRates;
  readonly #clock: Clock;

  constructor(userId: string, transport: Transport, clock: Clock) {
    this.#rates = new CallRates(() => transport.limits);
    this.#userId = userId;
    this.#desk = transport.faults;
    this.#clock = clock;
  }

  /**
   * Makes a call.
   *
   * @param channelName the channel that it is about, null for none
   * @param act carries the call out; sends its requests through the call that it gets
   */
  make<Value>(
    operation: FaultOperation,
    channelName: string | null,
    act: (call: Call) => Promise<Value>,
  ): Promise<Value> {
    const address = { operation, userId: this.#userId, channelName };
    const fault = this.#desk.take('call', address);
    const call = new Call(address, this.#desk, this.#clock);
    if (fault) return strange(fault as Strange, operation, () => act(call));
    // A join is counted in its turn, once all else is well, as observed.
    const isTooMany = operation !== 'join' && !this.#allows(operation);
    return isTooMany ? Promise.reject(new SignalingError(operation, TOO_MANY_CALLS)) : call.answered(act(call));
  }

  /** @throws SignalingError when a join is one too many in this second. */
  countJoin(): void {
    if (!this.#allows('join')) throw new SignalingError('join', TOO_MANY_CALLS);
  }

  /** Makes a call whose effect is the client's own doing, so that a fault holds up all of it, not only a request. */
  makeWhole<Value>(operation: FaultOperation, act: () => Promise<Value>): Promise<Value> {
    const fault = this.#desk.take('any', { operation, userId: this.#userId, channelName: null });
    if (!fault) return act();
    if (fault.kind === 'throw' || fault.kind === 'odd') return strange(fault, operation, act);
    return this.#faulty(fault, operation, act);
  }

  #allows(operation: FaultOperation): boolean {
    return this.#rates.allows(operation, this.#clock.monotonic());
  }

  async #faulty<Value>(
    fault: Exclude<CallFault, Strange>,
    operation: string,
    act: () => Promise<Value>,
  ): Promise<Value> {
    switch (fault.kind) {
      case 'hang':
        return unanswered();
      case 'slow':
        await this.#pause(fault.ms);
        return act();
      case 'lateEffect':
        await this.#pause(fault.ms);
        return fault.answers ? act() : act().then(unanswered);
      case 'late': {
        const value = await act();
        await this.#pause(fault.ms);
        return value;
      }
      case 'lost':
        await act();
        return fault.code === undefined ? unanswered() : Promise.reject(new SignalingError(operation, fault.code));
      case 'refuse':
        await this.#pause(fault.afterMs ?? 0);
        throw new SignalingError(operation, fault.code);
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => this.#clock.setTimeout(resolve, ms));
  }
}

function unanswered(): Promise<never> {
  return new Promise(() => {});
}

function strange<Value>(fault: Strange, operation: string, act: () => Promise<Value>): Promise<Value> {
  if (fault.kind === 'throw') {
    throw fault.code === undefined
      ? new Error('The call threw, as it was ordered to.')
      : new SignalingError(operation, fault.code);
  }
  const carriedOut = fault.takesEffect ? act() : Promise.resolve();
  // The type promises a promise; that there is none is the fault.
  if (fault.value === 'noPromise') carriedOut.catch(() => {});
  if (fault.value === 'noPromise') return undefined as unknown as Promise<Value>;
  return carriedOut.then(
    () => oddAnswer(fault.value),
    () => oddAnswer(fault.value),
  ) as Promise<Value>;
}

function oddAnswer(value: Exclude<OddValue, 'noPromise'> | OddValue): Promise<unknown> {
  switch (value) {
    case 'rejectsUndefined':
      return Promise.reject(undefined);
    case 'rejectsString':
      return Promise.reject('The call failed.');
    case 'rejectsPlainObject':
      return Promise.reject({ message: 'The call failed.' });
    default:
      return Promise.resolve(undefined);
  }
}
