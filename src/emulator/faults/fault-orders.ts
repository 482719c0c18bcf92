import { type CallFault, type FaultOperation, strikesTheCall } from './call-fault.js';
import type { EventFaultKind, EventFaults } from './event-faults.js';

/** One order: which calls it strikes, how, and how often it is still to be carried out. */
export interface FaultOrder {
  readonly id: number;
  readonly operation: FaultOperation;
  readonly fault: CallFault;
  /** Whose calls; null for everybody's. */
  readonly userId: string | null;
  /** Calls for which channel; null for any. */
  readonly channelName: string | null;
  /** Null for ever, since JSON has no infinity. */
  readonly left: number | null;
}

/** What tells one call from another when a fault is looked for. */
export interface CallAddress {
  readonly operation: FaultOperation;
  readonly userId: string;
  /** The channel that it is about; null where it is about none. */
  readonly channelName: string | null;
}

/** Which faults strike at a moment: `call` when the app calls, `wire` when a request leaves, `any` for calls without a request. */
export type FaultStage = 'call' | 'wire' | 'any';

/** Faults that were ordered and have not happened yet, in the order in which they were ordered. */
export class FaultOrders {
  #orders: readonly FaultOrder[] = [];

  all(): readonly FaultOrder[] {
    return this.#orders;
  }

  /** Puts others in the place of all orders. */
  replace(orders: readonly FaultOrder[]): void {
    this.#orders = orders;
  }

  /** The order that this call must carry out now, if the next one for it is of this stage. It counts as carried out. */
  take(stage: FaultStage, address: CallAddress): FaultOrder | null {
    const order = this.#orders.find((candidate) => concerns(candidate, address));
    if (!order || (stage !== 'any' && strikesTheCall(order.fault) !== (stage === 'call'))) return null;
    this.carriedOut(order.id);
    return order;
  }

  /** Counts an order down; one that is not there any more is ignored. */
  carriedOut(id: number): FaultOrder | null {
    const order = this.#orders.find((candidate) => candidate.id === id);
    if (!order) return null;
    const left = order.left === null ? null : order.left - 1;
    this.#orders = this.#orders.flatMap((other) =>
      other !== order ? [other] : left === 0 ? [] : [{ ...order, left }],
    );
    return order;
  }
}

/** Whether an order is about this call. */
function concerns(order: FaultOrder, { operation, userId, channelName }: CallAddress): boolean {
  if (order.operation !== operation) return false;
  return (order.userId ?? userId) === userId && (order.channelName ?? channelName) === channelName;
}

/** What happens to a client's events, and where chance comes from. */
export interface EventTrouble {
  readonly faults: EventFaults;
  readonly random: () => number;
}

/** What a client asks before and during its calls, and whenever it has something to tell. */
export interface FaultDesk {
  /** The fault of this call at this stage, if one was ordered. */
  take(stage: FaultStage, address: CallAddress): CallFault | null;
  /** What happens to this user's events now; null for nothing. */
  events(userId: string): EventTrouble | null;
  /** Something has happened to an event. */
  countEvent(kind: EventFaultKind): void;
}
