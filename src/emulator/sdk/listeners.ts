import type { RTMEvents } from 'agora-rtm-sdk';

type EventMap = RTMEvents.RTMClientEventMap;
type Event = keyof EventMap;
type Sets = { [Name in Event]: EventMap[Name][] };

/** Who listens to a client's events. Adding a listener twice calls it twice, as with Node's emitter that the SDK is built on. */
export class Listeners {
  readonly #byEvent: Sets = {
    presence: [],
    message: [],
    storage: [],
    lock: [],
    topic: [],
    tokenPrivilegeWillExpire: [],
    linkState: [],
    token: [],
  };

  /** Adds a listener; names that the SDK does not emit are accepted and never heard from, as in the SDK. */
  add<Name extends Event>(name: Name, listener: EventMap[Name]): void {
    if (Object.hasOwn(this.#byEvent, name)) this.#byEvent[name] = [...this.#byEvent[name], listener] as Sets[Name];
  }

  remove<Name extends Event>(name: Name, listener: EventMap[Name]): void {
    if (!Object.hasOwn(this.#byEvent, name)) return;
    const listeners = this.#byEvent[name];
    const index = listeners.lastIndexOf(listener as never);
    if (index >= 0) this.#byEvent[name] = listeners.filter((_, position) => position !== index) as Sets[Name];
  }

  /** Calls all listeners. One that throws stops no other one; its error is reported as uncaught. */
  emit<Name extends Event>(name: Name, argument: Parameters<EventMap[Name]>[0]): void {
    for (const listener of this.#byEvent[name]) {
      try {
        (listener as (argument: unknown) => void)(argument);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
