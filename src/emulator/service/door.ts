import type { OperationName, Operations, Outcome, ServerEvent } from '../protocol.js';
import type { Network } from './network.js';
import type { Connection, Session } from './session.js';
import type { SignalingService } from './signaling-service.js';

/** The service's end of one link. Whatever comes or goes while the user's network is cut is lost. */
export class Door implements Connection {
  readonly userId: string;
  session: Session | null = null;
  readonly #service: SignalingService;
  readonly #network: Network;
  readonly #deliver: (event: ServerEvent) => void;
  #open = true;

  constructor(userId: string, service: SignalingService, network: Network, deliver: (event: ServerEvent) => void) {
    this.userId = userId;
    this.#service = service;
    this.#network = network;
    this.#deliver = deliver;
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

  /** Answers a request; null when it never arrived. */
  request<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
  ): Outcome<Operations[Name]['reply']> | null {
    return this.passable ? this.#service.handle(this, name, request) : null;
  }

  /** The link is over. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#service.disconnected(this);
  }
}
