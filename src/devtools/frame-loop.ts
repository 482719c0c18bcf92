import type { PanelClock } from './browser-clock.js';

/** Draws when there is something new and as often as it moves; not while nobody can see it. */
export class FrameLoop {
  readonly #draw: (at: number) => void;
  #element: HTMLElement | null = null;
  #observers: readonly { disconnect(): void }[] = [];
  #isSeen = true;
  #frame = 0;
  #cancel = (): void => {};

  /** @param draw told the time of its frame, in milliseconds that only grow */
  constructor(draw: (at: number) => void) {
    this.#draw = draw;
  }

  start(element: HTMLElement): void {
    this.#element = element;
    const sight = new IntersectionObserver((entries) => {
      this.#isSeen = entries.at(-1)?.isIntersecting ?? true;
      this.request();
    });
    const size = new ResizeObserver(() => this.request());
    sight.observe(element);
    size.observe(element);
    this.#observers = [sight, size];
    this.request();
  }

  stop(): void {
    this.#element = null;
    for (const observer of this.#observers) observer.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#cancel();
    this.#frame = 0;
  }

  /** Draws with the next frame. */
  request(): void {
    if (!this.#element || this.#frame !== 0 || !this.#isSeen) return;
    this.#cancel();
    this.#frame = requestAnimationFrame((at) => {
      this.#frame = 0;
      this.#draw(at);
    });
  }

  /** Draws again by itself after some time of a clock. */
  pace(clock: PanelClock, ms: number): void {
    this.#cancel();
    const timer = clock.setTimeout(() => this.request(), ms);
    this.#cancel = () => clock.clearTimeout(timer);
  }
}
