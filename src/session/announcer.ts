import type { EventEmitter } from 'eventemitter3';
import { EventOrder } from './event-order.js';
import type { ForwardedEvent } from './sdk/client-events.js';
import type { SignalingEventMap } from './sdk/signaling-client.js';
import type { SessionEvents } from './session-events.js';
import type { InspectionEvent } from './state/inspection-event.js';
import { SnapshotKeeper } from './state/session-snapshot.js';
import type { SessionSnapshot } from './state/session-state.js';

/** Tells an app what happens: the session's own events, made of what its parts report, the SDK's under their own names, and snapshots. */
export class Announcer {
  readonly #emitter: EventEmitter<SessionEvents>;
  readonly #order: EventOrder = new EventOrder();
  readonly #takeSnapshot: () => SessionSnapshot;
  readonly #snapshots: SnapshotKeeper;
  #untold = false;

  /** @param takeSnapshot describes the session as it is now */
  constructor(emitter: EventEmitter<SessionEvents>, takeSnapshot: () => SessionSnapshot) {
    this.#emitter = emitter;
    this.#takeSnapshot = takeSnapshot;
    this.#snapshots = new SnapshotKeeper(takeSnapshot());
  }

  /** The same object until something changes. */
  get snapshot(): SessionSnapshot {
    this.#snapshots.update(this.#takeSnapshot());
    return this.#snapshots.current;
  }

  /** Tells what is said within `change` when all of it is done. */
  together<T>(change: () => T): T {
    return this.#order.together(change);
  }

  tellOf(event: Exclude<InspectionEvent, { type: 'state' | 'end' }>): void {
    if (event.type === 'channel') this.tell('channel', { channelName: event.channelName, state: event.state });
    else if (event.type === 'subscription') this.tell('subscription', event.subscription);
    else if (event.type === 'renewed') this.tell('tokenRenewed', withoutType(event));
    else if (event.type === 'tokenFailed') this.tell('tokenError', withoutType(event));
    else if (event.type === 'restored') this.tell('restored', withoutType(event));
    this.changed();
  }

  /** An event of the SDK's. */
  forward<Name extends ForwardedEvent>(name: Name, event: Parameters<SignalingEventMap[Name]>[0]): void {
    // The same parameters, which the compiler cannot see through `Name`.
    this.tell(name, ...([event] as unknown as Parameters<SessionEvents[Name]>));
  }

  tell<Name extends keyof SessionEvents>(name: Name, ...args: Parameters<SessionEvents[Name]>): void {
    this.#order.tell(() => this.#emitter.emit(name, ...(args as never)));
  }

  /** Told once for all that changes in one turn, or a hundred channels that are lost together would cost their square. */
  changed(): void {
    if (this.#untold) return;
    this.#untold = true;
    queueMicrotask(() => {
      this.#untold = false;
      if (this.#emitter.listenerCount('snapshot') === 0) return;
      if (this.#snapshots.update(this.#takeSnapshot())) this.tell('snapshot', this.#snapshots.current);
    });
  }
}

function withoutType<Event extends InspectionEvent>({ type, ...event }: Event): Omit<Event, 'type'> {
  return event;
}
