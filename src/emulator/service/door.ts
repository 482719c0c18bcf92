import { CallRates } from '../call-rates.js';
import type { OperationName, Operations, Outcome, ServerEvent } from '../protocol.js';
import type { OneWay } from './latency.js';
import type { Network } from './network.js';
import type { Connection, Session } from './session.js';
import type { SignalingService } from './signaling-service.js';

/** Clients keep to the limits themselves; who exceeds them by this much is none of ours. */
const SPARE = 2;

/** The service's end of one link. Whatever comes or goes while the user's network is cut is lost. */
export class Door implements Connection {
  readonly userId: string;
  session: Session | null = null;
  readonly #service: SignalingService;
  readonly #network: Network;
  readonly #deliver: (event: ServerEvent) => void;
  readonly #there: OneWay;
  readonly #back: OneWay;
  readonly #rates: CallRates;
  #open = true;

  constructor(userId: string, service: SignalingService, network: Network, deliver: (event: ServerEvent) => void) {
    this.userId = userId;
    this.#service = service;
    this.#network = network;
    this.#deliver = deliver;
    this.#rates = new CallRates(() => service.limits, SPARE);
    [this.#there, this.#back] = [service.latency.oneWay(), service.latency.oneWay()];
  }

  /** Whether anything gets through. */
  get passable(): boolean {
    return this.#open && this.#network.isUp(this.userId);
  }

  push(event: ServerEvent): boolean {
    if (!this.passable) return false;
    this.#deliver(event);
    return true;
  }

  /** Carries a request there and its answer back, at once or as long as the way is; what gets lost on it is not answered. */
  ask<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
    answered: (outcome: Outcome<Operations[Name]['reply']>) => void,
  ): void {
    const isTooMany = !this.#rates.allows(name, this.#service.nowMs());
    this.#there.travel(() => {
      if (!this.passable) return;
      const outcome = isTooMany ? this.#service.tooMany() : this.#service.handle(this, name, request);
      this.#back.travel(() => this.passable && answered(outcome));
    });
  }

  /** The link is over. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#service.disconnected(this);
  }
}
