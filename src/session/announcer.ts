import type { EventEmitter } from 'eventemitter3';
import { EventOrder } from './event-order.js';
import type { ResolvedOptions } from './login/resolved-options.js';
import type { ForwardedEvent } from './sdk/client-events.js';
import type { SignalingClient } from './sdk/signaling-client.js';
import type { SessionEvents } from './session-events.js';
import { freezeDeep } from './state/freeze-deep.js';
import { type Happening, type InspectionEvent, LOGIN, type Report } from './state/inspection-event.js';
import { SnapshotKeeper } from './state/session-snapshot.js';
import { isSameState, type SessionSnapshot, type SessionState } from './state/session-state.js';
import { isLegalMove, SESSION_TRANSITIONS } from './state/transitions.js';

interface AnnouncerOptions extends Pick<ResolvedOptions<SignalingClient>, 'clock' | 'inspect'> {
  readonly emitter: EventEmitter<SessionEvents>;
  /** Describes the session as it is now. */
  takeSnapshot(state: SessionState): SessionSnapshot;
}

/** So many events are kept for a diagnosis. */
const KEPT_EVENTS = 100;

/**
 * The one place where everything that happens is said. Of it an app is told what it listens to: states and the session's other events,
 * snapshots, the SDK's events under their own names, and all of it where it inspects.
 */
export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #order: EventOrder = new EventOrder();
  readonly #snapshots: SnapshotKeeper;
  readonly #events: InspectionEvent[] = [];
  #state: SessionState = Object.freeze({ status: 'idle' });
  #since: number;
  #untold = false;

  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#since = options.clock.now();
    this.#snapshots = new SnapshotKeeper(options.takeSnapshot(this.#state));
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Since when the state is what it is, milliseconds since the epoch. */
  get since(): number {
    return this.#since;
  }

  /** The latest events, the oldest first. */
  get events(): readonly InspectionEvent[] {
    return this.#events;
  }

  /** The same object until something changes. */
  get snapshot(): SessionSnapshot {
    this.#snapshots.update(this.#options.takeSnapshot(this.#state));
    return this.#snapshots.current;
  }

  /** Tells what is said within `change` when all of it is done. */
  together<T>(change: () => T): T {
    return this.#order.together(change);
  }

  /** Says what happened. A state that is the present one is no event. */
  readonly report: Report = (event) => {
    const previous = this.#state;
    if (event.type === 'state' && !this.#move(event.state)) return;
    if (event.type !== 'tokens') this.#say(event, previous);
    this.#changed();
  };

  /** An event of the SDK's. */
  forward({ name, event }: ForwardedEvent): void {
    this.#tell(name, ...([event] as never));
  }

  /** Whether the state is another than before. */
  #move(state: SessionState): boolean {
    const from = this.#state.status;
    if (isSameState(state, this.#state)) return false;
    if (!isLegalMove(SESSION_TRANSITIONS, from, state.status)) {
      this.report({ type: 'illegal', about: LOGIN, from, to: state.status });
    }
    this.#state = freezeDeep(state);
    this.#since = this.#options.clock.now();
    return true;
  }

  #say(event: Happening, previous: SessionState): void {
    const { clock, inspect } = this.#options;
    const inspected: InspectionEvent = freezeDeep({ at: clock.now(), ...event });
    this.#events.push(inspected);
    if (this.#events.length > KEPT_EVENTS) this.#events.shift();
    if (inspect) this.#order.tell(() => inspect(inspected));
    if (event.type === 'state') this.#tell('state', event.state, previous);
    else if (event.type === 'channel') this.#tell('channel', withoutType(event));
    else if (event.type === 'subscription') this.#tell('subscription', event.subscription);
    else if (event.type === 'renewed') this.#tell('tokenRenewed', withoutType(event));
    else if (event.type === 'tokenFailed') this.#tell('tokenError', withoutType(event));
    else if (event.type === 'restored') this.#tell('restored', withoutType(event));
  }

  #tell<Name extends keyof SessionEvents>(name: Name, ...args: Parameters<SessionEvents[Name]>): void {
    this.#order.tell(() => this.#options.emitter.emit(name, ...(args as never)));
  }

  /** Told once for all that changes in one turn, or a hundred channels that are lost together would cost their square. */
  #changed(): void {
    if (this.#untold) return;
    this.#untold = true;
    queueMicrotask(() => {
      this.#untold = false;
      const { emitter, takeSnapshot } = this.#options;
      if (emitter.listenerCount('snapshot') === 0) return;
      if (this.#snapshots.update(takeSnapshot(this.#state))) this.#tell('snapshot', this.#snapshots.current);
    });
  }
}

function withoutType<Event extends Happening>({ type, ...event }: Event): Omit<Event, 'type'> {
  return event;
}
