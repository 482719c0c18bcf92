import { atOf } from './time-scale.js';
import type { TimeWindow } from './window.js';

/** What a plot's input moves, and whom it tells. */
export interface PlotInputOptions {
  readonly window: TimeWindow;
  /** Something else is in view, or the pointer is elsewhere. */
  readonly onChange: () => void;
}

/** A pointer that moved less was a click. */
const CLICK_PX = 4;
const WHEEL_LINE_PX = 16;

/** Pointer and wheel of a plot. */
export class PlotInput {
  readonly #surface: HTMLElement;
  readonly #options: PlotInputOptions;
  #pointer: MouseEvent | null = null;
  #drag: { readonly x: number; readonly moved: boolean } | null = null;

  constructor(surface: HTMLElement, options: PlotInputOptions) {
    this.#surface = surface;
    this.#options = options;
    surface.addEventListener('pointerdown', ({ button, clientX: x }) => {
      if (button === 0) this.#drag = { x, moved: false };
    });
    surface.addEventListener('pointermove', (event) => this.#move(event));
    for (const name of ['pointerup', 'pointercancel', 'pointerleave'])
      surface.addEventListener(name, () => {
        this.#drag = null;
        this.#pointer = null;
        options.onChange();
      });
    surface.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  /** The pointer's last word; null where it is elsewhere, or drags. */
  get pointer(): MouseEvent | null {
    return this.#drag?.moved ? null : this.#pointer;
  }

  #move(event: PointerEvent): void {
    const { clientX: x, pointerId } = event;
    const drag = this.#drag;
    this.#pointer = event;
    if (drag && (drag.moved || Math.abs(x - drag.x) > CLICK_PX)) {
      // Where the pointer is let go it clicks on nothing then.
      this.#surface.setPointerCapture(pointerId);
      this.#moveBy(drag.x - x);
      this.#drag = { x, moved: true };
    }
    this.#options.onChange();
  }

  /** Sideways moves, or with Shift; with Ctrl, or by pinching, it zooms; up and down moves the page. */
  #wheel(event: WheelEvent): void {
    const { deltaX, deltaY, ctrlKey: isZoom, clientX } = event;
    const { window, onChange } = this.#options;
    const isUpright = Math.abs(deltaY) > Math.abs(deltaX);
    if (isUpright && !isZoom && !event.shiftKey) return;
    event.preventDefault();
    const delta = (isUpright ? deltaY : deltaX) * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1);
    if (isZoom) window.zoom(1.01 ** delta, atOf(window.view, clientX - this.#surface.getBoundingClientRect().left));
    else this.#moveBy(delta);
    onChange();
  }

  #moveBy(pixels: number): void {
    const { window } = this.#options;
    const { from, to, width } = window.view;
    window.moveBy((pixels / width) * (to - from));
  }
}
