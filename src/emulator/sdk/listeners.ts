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

  /**
   * Calls the listeners in turn. As in the SDK, one that throws keeps the event from those after it, and its error goes nowhere; here
   * at least the console hears of it.
   */
  emit<Name extends Event>(name: Name, argument: Parameters<EventMap[Name]>[0]): void {
    try {
      for (const listener of this.#byEvent[name]) (listener as (argument: unknown) => void)(argument);
    } catch (error) {
      console.error(`A listener of "${name}" threw; the listeners after it do not hear of this event:`, error);
    }
  }
}
