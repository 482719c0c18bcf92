/** A picture moves on when it would move by this much. */
const SMALLEST_STEP_PX = 0.5;
/** What counts seconds is drawn this often, however slowly the picture moves. */
const SLOWEST_MS = 500;
/** For those who prefer things not to move. */
const CALM_MS = 1_000;

/** Draws when there is something new and as often as it moves; not while nobody can see it. */
export class FrameLoop {
  readonly #draw: (passedMs: number) => void;
  #element: HTMLElement | null = null;
  #observers: readonly { disconnect(): void }[] = [];
  #isSeen = true;
  #frame = 0;
  #timer = 0;
  #last = 0;

  /** @param draw told how much time has passed since it was last called */
  constructor(draw: (passedMs: number) => void) {
    this.#draw = draw;
  }

  start(element: HTMLElement): void {
    this.#element = element;
    this.#last = performance.now();
    const sight = new IntersectionObserver((entries) => {
      this.#isSeen = entries.at(-1)?.isIntersecting ?? true;
      if (this.#isSeen) this.request();
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
    clearTimeout(this.#timer);
    this.#frame = 0;
  }

  /** Draws with the next frame. */
  request(): void {
    if (!this.#element || this.#frame !== 0 || !this.#isSeen) return;
    clearTimeout(this.#timer);
    this.#frame = requestAnimationFrame(() => this.now());
  }

  /** Draws at once. */
  now(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    if (!this.#element) return;
    const at = performance.now();
    const passed = at - this.#last;
    this.#last = at;
    this.#draw(passed);
  }

  /** Draws again by itself. @param pxPerMs how fast the picture moves; 0: it stands still */
  pace(pxPerMs: number): void {
    clearTimeout(this.#timer);
    if (pxPerMs <= 0 || !this.#element) return;
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const wait = isCalm ? CALM_MS : Math.min(SLOWEST_MS, SMALLEST_STEP_PX / pxPerMs);
    // A frame takes its own time.
    this.#timer = window.setTimeout(() => this.request(), Math.max(0, wait - 16));
  }
}
