/**
 * Tells events one after the other. A listener may call `login()` or `logout()`, which raise events of their own: those are told when
 * everybody has heard the present one, or a second listener would hear them in the wrong order.
 */
export class EventOrder {
  readonly #untold: (() => void)[] = [];
  #telling = false;

  /** A listener that throws must not stop the session; its error surfaces as an uncaught one. */
  tell(emit: () => void): void {
    this.#untold.push(emit);
    if (this.#telling) return;
    this.#telling = true;
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
