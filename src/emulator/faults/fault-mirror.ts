import type { CallFault, CallFaultKind, FaultOperation } from './call-fault.js';
import type { EventFaultKind, EventFaults } from './event-faults.js';
import {
  type CallAddress,
  type EventTrouble,
  type FaultDesk,
  type FaultOrder,
  FaultOrders,
  type FaultStage,
} from './fault-orders.js';
import { seededRandom } from './seeded-random.js';

/** What a page tells its emulator about faults. */
export type FaultReport =
  | { readonly order: number; readonly operation: FaultOperation; readonly kind: CallFaultKind }
  | { readonly event: EventFaultKind };

/** What an emulator tells a page about faults. */
export interface FaultNews {
  readonly orders: readonly FaultOrder[];
  readonly eventFaults: EventFaults | null;
  /** For the page's own chance. */
  readonly seed: number;
  /** How many carried out orders the emulator had heard of from this page when it said this. */
  readonly heard: number;
}

/** The faults of an emulator that is somewhere else, as far as a page knows of them. */
export class FaultMirror implements FaultDesk {
  readonly #orders = new FaultOrders();
  readonly #report: (report: FaultReport) => void;
  /** Orders that were carried out here and that the emulator may not have heard of yet. */
  #unheard: readonly number[] = [];
  #told = 0;
  #events: EventTrouble | null = null;

  constructor(report: (report: FaultReport) => void) {
    this.#report = report;
  }

  /** Takes the emulator's word, less what was carried out meanwhile. */
  update({ orders, eventFaults, seed, heard }: FaultNews): void {
    this.#orders.replace(orders);
    this.#unheard = this.#unheard.slice(Math.max(0, heard - (this.#told - this.#unheard.length)));
    for (const id of this.#unheard) this.#orders.carriedOut(id);
    const random = this.#events?.random ?? seededRandom(seed);
    this.#events = eventFaults && { faults: eventFaults, random };
  }

  /** Another socket: the emulator counts from the beginning. */
  restart(): void {
    this.#unheard = [];
    this.#told = 0;
  }

  take(stage: FaultStage, address: CallAddress): CallFault | null {
    const order = this.#orders.take(stage, address);
    if (!order) return null;
    this.#told += 1;
    this.#unheard = [...this.#unheard, order.id];
    this.#report({ order: order.id, operation: order.operation, kind: order.fault.kind });
    return order.fault;
  }

  events(): EventTrouble | null {
    return this.#events;
  }

  countEvent(event: EventFaultKind): void {
    this.#report({ event });
  }
}
