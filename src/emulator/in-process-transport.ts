import type { Clock } from '../environment/clock.js';
import type { FaultDesk } from './faults/fault-orders.js';
import type { Limits } from './limits.js';
import { readContent } from './project/verify-token.js';
import type { OperationName, Operations, Outcome } from './protocol.js';
import { Door } from './service/door.js';
import type { Network } from './service/network.js';
import type { SignalingService } from './service/signaling-service.js';
import type { Link, LinkListener, Transport } from './transport.js';

const HEARTBEAT_MS = 5000;
const GIVE_UP_MS = 10_000;

/** What an {@link InProcessTransport} connects. */
export interface InProcessParts {
  readonly service: SignalingService;
  readonly network: Network;
  /** The client's clock. */
  readonly clock: Clock;
  readonly faults: FaultDesk;
  readonly limits: Limits;
}

/** The way to a service in the same process. Everything takes a microtask or two and no timer, so that virtual time works. */
export class InProcessTransport implements Transport {
  readonly faults: FaultDesk;
  readonly limits: Limits;
  readonly #service: SignalingService;
  readonly #network: Network;
  readonly #clock: Clock;

  constructor({ service, network, clock, faults, limits }: InProcessParts) {
    this.faults = faults;
    this.limits = limits;
    this.#service = service;
    this.#network = network;
    this.#clock = clock;
  }

  open(userId: string, listener: LinkListener): Link {
    return new InProcessLink(userId, listener, this.#service, this.#network, this.#clock);
  }

  watchNetwork(userId: string, onBack: () => void): () => void {
    return this.#network.watch(userId, (up) => up && onBack());
  }

  readAppId(token: string): string | null {
    try {
      return readContent(token).info.appId;
    } catch {
      return null;
    }
  }
}

/**
 * A link without wires. The SDK pings every 5 s and gives up 10 s after the last answer; here nothing is sent for that, but once the
 * network is cut, the moment is reckoned at which the SDK would give up. That keeps thousands of idle sessions free of timers.
 */
class InProcessLink implements Link {
  readonly #door: Door;
  readonly #clock: Clock;
  readonly #listener: LinkListener;
  readonly #openedAt: number;
  readonly #stopWatching: () => void;
  #open = true;
  #silence: unknown = null;

  constructor(userId: string, listener: LinkListener, service: SignalingService, network: Network, clock: Clock) {
    this.#clock = clock;
    this.#listener = listener;
    this.#openedAt = clock.monotonic();
    this.#door = new Door(userId, service, network, (event) => {
      queueMicrotask(() => {
        if (this.#open) listener.event(event);
      });
    });
    this.#stopWatching = network.watch(userId, (up) => this.#networkChanged(up));
  }

  async request<Name extends OperationName>(
    name: Name,
    request: Operations[Name]['request'],
  ): Promise<Outcome<Operations[Name]['reply']>> {
    await null;
    const outcome = await new Promise<Outcome<Operations[Name]['reply']>>((resolve) => {
      this.#door.ask(name, request, resolve);
    });
    return this.#door.passable ? outcome : new Promise(() => {});
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#clock.clearTimeout(this.#silence);
    this.#stopWatching();
    this.#door.close();
  }

  #networkChanged(up: boolean): void {
    this.#clock.clearTimeout(this.#silence);
    if (up) return;
    const alive = this.#clock.monotonic() - this.#openedAt;
    const sinceLastPong = alive % HEARTBEAT_MS;
    this.#silence = this.#clock.setTimeout(() => this.#listener.lost('keep-alive'), GIVE_UP_MS - sinceLastPong);
  }
}
