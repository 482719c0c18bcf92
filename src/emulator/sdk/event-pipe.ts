import type { RTMEvents } from 'agora-rtm-sdk';
import type { Clock } from '../../environment/clock.js';
import type { EventFaults } from '../faults/event-faults.js';
import type { EventTrouble, FaultDesk } from '../faults/fault-orders.js';
import type { Listeners } from './listeners.js';

type EventMap = RTMEvents.RTMClientEventMap;
type EventOf<Name extends keyof EventMap> = Parameters<EventMap[Name]>[0];

/** Events of one link that are on their way; the timer of each brings out the first of them. */
interface Lane {
  /** When the last of them comes out, monotonic milliseconds. */
  readonly due: number;
  readonly waiting: (() => void)[];
}

/** The way from a client to its listeners, where events can be ordered to go astray. */
export class EventPipe {
  readonly #userId: string;
  readonly #clock: Clock;
  readonly #desk: FaultDesk;
  readonly #listeners: Listeners;
  readonly #lanes = new Map<string, Lane>();

  constructor(userId: string, clock: Clock, desk: FaultDesk, listeners: Listeners) {
    this.#userId = userId;
    this.#clock = clock;
    this.#desk = desk;
    this.#listeners = listeners;
  }

  emit<Name extends keyof EventMap>(name: Name, event: EventOf<Name>): void {
    const trouble = this.#desk.events(this.#userId);
    const deliver = (): void => this.#listeners.emit(name, event);
    const lane = laneOf(name, event);
    if (!trouble || (trouble.faults.events && !trouble.faults.events.includes(name))) this.#pass(lane, 0, deliver, {});
    else this.#trouble(trouble, lane, deliver);
  }

  #trouble({ faults, random }: EventTrouble, lane: string, deliver: () => void): void {
    // The same draws for every event, whatever becomes of it, so that one fault does not shift all that follow.
    const [loss, doubling, first, second] = [random(), random(), random(), random()];
    if (loss < (faults.lose ?? 0)) {
      this.#desk.countEvent('lose');
      return;
    }
    this.#pass(lane, drawn(faults, first), deliver, faults);
    if (doubling >= (faults.twice ?? 0)) return;
    this.#desk.countEvent('twice');
    this.#pass(lane, drawn(faults, second), deliver, faults);
  }

  #pass(lane: string, delayMs: number, deliver: () => void, faults: EventFaults): void {
    const now = this.#clock.monotonic();
    const queue = this.#lanes.get(lane) ?? { due: now, waiting: [] };
    if (delayMs === 0 && queue.waiting.length === 0) {
      deliver();
      return;
    }
    const overtakes = faults.reorder === true && now + delayMs < queue.due;
    const due = overtakes ? now + delayMs : Math.max(now + delayMs, queue.due);
    this.#desk.countEvent(overtakes ? 'reorder' : 'delay');
    if (overtakes) queue.waiting.unshift(deliver);
    else queue.waiting.push(deliver);
    this.#lanes.set(lane, { ...queue, due: Math.max(due, queue.due) });
    this.#clock.setTimeout(() => this.#comeOut(lane), due - now);
  }

  #comeOut(lane: string): void {
    const { waiting } = this.#lanes.get(lane) ?? { waiting: [] };
    const deliver = waiting.shift();
    if (waiting.length === 0) this.#lanes.delete(lane);
    deliver?.();
  }
}

function drawn({ delayMs }: EventFaults, chance: number): number {
  if (!delayMs) return 0;
  const [min, max] = delayMs;
  return Math.round(min + chance * (max - min));
}

/** The link that an event came over: the login's, or that of one stream channel. */
function laneOf<Name extends keyof EventMap>(name: Name, event: EventOf<Name>): string {
  if (name === 'tokenPrivilegeWillExpire') return String(event);
  const { serviceType, affectedChannels, channelType, channelName } = event as Partial<
    RTMEvents.LinkStateEvent & RTMEvents.MessageEvent
  >;
  if (serviceType === 'STREAM') return affectedChannels?.[0] ?? '';
  return channelType === 'STREAM' || name === 'topic' ? (channelName ?? '') : '';
}
