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

/** How often faults have really struck. */
export interface StruckFaults {
  /** By operation and kind: `struck.calls.join?.hang`. */
  readonly calls: Readonly<Partial<Record<FaultOperation, Readonly<Partial<Record<CallFaultKind, number>>>>>>;
  /** By what happened to the event. */
  readonly events: Readonly<Partial<Record<EventFaultKind, number>>>;
}

/** All that was ordered to go wrong, and how much of it did. */
export class FaultBoard implements FaultDesk {
  readonly #orders = new FaultOrders();
  readonly #events = new Map<string | null, EventFaults>();
  readonly #random: () => number;
  readonly #watchers = new Set<() => void>();
  readonly #calls: { [Operation in FaultOperation]?: { [Kind in CallFaultKind]?: number } } = {};
  readonly #eventCounts: { [Kind in EventFaultKind]?: number } = {};
  #count = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** A copy of the counts. */
  get struck(): StruckFaults {
    const calls = Object.entries(this.#calls).map(([operation, counts]) => [operation, { ...counts }]);
    return { calls: Object.fromEntries(calls), events: { ...this.#eventCounts } };
  }

  /** The orders that may concern a user. */
  ordersFor(user: string): readonly FaultOrder[] {
    return this.#orders.all().filter(({ userId }) => (userId ?? user) === user);
  }

  order(order: Omit<FaultOrder, 'id'>): void {
    this.#count += 1;
    this.#orders.replace([...this.#orders.all(), { ...order, id: this.#count }]);
    this.#changed();
  }

  /** Withdraws all that was ordered; what is under way goes on, and the counts stay. */
  clear(): void {
    this.#orders.replace([]);
    this.#events.clear();
    this.#changed();
  }

  /** Puts faults in the place of a user's earlier ones, or of everybody's. */
  setEventFaults(faults: EventFaults | null, userId: string | null): void {
    if (faults) this.#events.set(userId, faults);
    else this.#events.delete(userId);
    this.#changed();
  }

  /** A user's own event faults, else everybody's. */
  eventFaultsOf(userId: string): EventFaults | null {
    return this.#events.get(userId) ?? this.#events.get(null) ?? null;
  }

  events(userId: string): EventTrouble | null {
    const faults = this.eventFaultsOf(userId);
    return faults && { faults, random: this.#random };
  }

  take(stage: FaultStage, address: CallAddress): CallFault | null {
    const order = this.#orders.take(stage, address);
    if (!order) return null;
    this.#changed();
    this.countCall(order.operation, order.fault.kind);
    return order.fault;
  }

  /** A client elsewhere has carried out an order. */
  carriedOut(id: number): void {
    if (this.#orders.carriedOut(id)) this.#changed();
  }

  countCall(operation: FaultOperation, kind: CallFaultKind): void {
    const counts = this.#calls[operation] ?? {};
    this.#calls[operation] = counts;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }

  countEvent(kind: EventFaultKind): void {
    this.#eventCounts[kind] = (this.#eventCounts[kind] ?? 0) + 1;
  }

  /** A number for a client's own random numbers. */
  seed(): number {
    return Math.floor(this.#random() * 2 ** 32);
  }

  /** Calls back when orders change; returns what ends that. */
  watch(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  #changed(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }
}
