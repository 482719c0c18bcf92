import type { PanelClock } from './browser-clock.js';

/** Draws when there is something new and as often as it moves; not while nobody can see it. */
export class FrameLoop {
  readonly #draw: (at: number) => void;
  readonly #sight = new IntersectionObserver((entries) => {
    this.#isSeen = entries.at(-1)?.isIntersecting === true;
    this.request();
  });
  readonly #size = new ResizeObserver(() => this.request());
  #isSeen = false;
  #frame = 0;
  #cancel = (): void => {};

  /** @param draw told the time of its frame, in milliseconds that only grow */
  constructor(draw: (at: number) => void) {
    this.#draw = draw;
  }

  start(element: HTMLElement): void {
    this.#sight.observe(element);
    this.#size.observe(element);
    // Once in any case, so that its place has the right height.
    this.#isSeen = true;
  }

  stop(): void {
    this.#sight.disconnect();
    this.#size.disconnect();
    cancelAnimationFrame(this.#frame);
    this.#cancel();
    this.#frame = 0;
    this.#isSeen = false;
  }

  /** Draws with the next frame. */
  request(): void {
    if (!this.#isSeen || this.#frame !== 0) return;
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
