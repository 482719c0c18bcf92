import type { Clock } from '../../environment/clock.js';
import { type CallFault, outlastsTimeouts } from '../faults/call-fault.js';
import type { CallAddress, FaultDesk } from '../faults/fault-orders.js';
import type { OperationName, Operations, Outcome } from '../protocol.js';
import type { Link } from '../transport.js';
import { reasonOfError } from './link-reasons.js';

/** A time-out of the SDK that a fault may hold off. */
export interface SdkTimeout {
  stop(): void;
}

/**
 * One call of the app. The first of its requests that leaves decides which fault it has: a call that ends before that, for lack of a
 * link or by a bad argument, uses up no order.
 */
export class Call {
  readonly #address: CallAddress;
  readonly #desk: FaultDesk;
  readonly #clock: Clock;
  readonly #timeouts: SdkTimeout[] = [];
  #fault: CallFault | null | undefined;

  constructor(address: CallAddress, desk: FaultDesk, clock: Clock) {
    this.#address = address;
    this.#desk = desk;
    this.#clock = clock;
  }

  /** Names a time-out of the SDK for this call. */
  timedBy(timeout: SdkTimeout): void {
    if (this.#fault && outlastsTimeouts(this.#fault)) timeout.stop();
    else this.#timeouts.push(timeout);
  }

  /** Sends a request as the call's fault has it. */
  send<Name extends OperationName>(
    link: Link,
    name: Name,
    request: Operations[Name]['request'],
  ): Promise<Outcome<Operations[Name]['reply']>> {
    if (link.ready) return link.ready.then(() => this.#travel(link, name, request));
    return this.#travel(link, name, request);
  }

  /** The promise that the app gets for what has become of the call. */
  answered<Value>(ended: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      ended.then(
        (value) => this.#answer(() => resolve(value)),
        (error: unknown) => this.#answer(() => reject(error)),
      );
    });
  }

  async #travel<Name extends OperationName>(
    link: Link,
    name: Name,
    request: Operations[Name]['request'],
  ): Promise<Outcome<Operations[Name]['reply']>> {
    if (this.#fault === undefined) this.#fault = this.#desk.take('wire', this.#address);
    const fault = this.#fault;
    if (fault === null) return link.request(name, request);
    if (outlastsTimeouts(fault)) for (const timeout of this.#timeouts) timeout.stop();
    switch (fault.kind) {
      case 'slow':
      case 'lateEffect':
        await this.#pause(fault.ms);
        return link.request(name, request);
      case 'hang':
        return new Promise(() => {});
      case 'refuse':
        await this.#pause(fault.afterMs ?? 0);
        return refusal(fault.code);
      default:
        return spoilt(await link.request(name, request), fault);
    }
  }

  #answer(settle: () => void): void {
    const fault = this.#fault;
    if (!fault) settle();
    else if (fault.kind === 'late') this.#clock.setTimeout(settle, fault.ms);
    else if (!isSilent(fault)) settle();
  }

  #pause(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => this.#clock.setTimeout(resolve, ms));
  }
}

function isSilent(fault: CallFault): boolean {
  return (
    fault.kind === 'hang' ||
    (fault.kind === 'lost' && fault.code === undefined) ||
    (fault.kind === 'lateEffect' && !fault.answers)
  );
}

function spoilt<Reply>(outcome: Outcome<Reply>, fault: CallFault): Outcome<Reply> {
  return outcome.ok && fault.kind === 'lost' && fault.code !== undefined ? refusal(fault.code) : outcome;
}

function refusal(code: number): Outcome<never> {
  return { ok: false, code, reasonCode: reasonOfError(code) };
}
