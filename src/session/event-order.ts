/**
 * Tells events one after the other. A listener may call `login()` or `logout()`, which raise events of their own: those are told when
 * everybody has heard the present one, or a second listener would hear them in the wrong order.
 */
export class EventOrder {
  readonly #untold: (() => void)[] = [];
  #telling = false;

  /** Tells what is said within `change` when all of it is done: no listener meets a session that is half changed. */
  together<T>(change: () => T): T {
    if (this.#telling) return change();
    this.#telling = true;
    try {
      return change();
    } finally {
      this.#tellAll();
    }
  }

  /** A listener that throws must not stop the session; its error surfaces as an uncaught one. */
  tell(emit: () => void): void {
    this.#untold.push(emit);
    if (this.#telling) return;
    this.#telling = true;
    this.#tellAll();
  }

  #tellAll(): void {
    for (let next = this.#untold.shift(); next; next = this.#untold.shift()) {
      try {
        next();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
    this.#telling = false;
  }
}
