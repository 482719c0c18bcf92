import { atOf, type View } from './time-scale.js';

/** What a plot's input works on, and what it asks for. */
export interface PlotInputOptions {
  readonly view: () => View | null;
  readonly onMove: (ms: number) => void;
  readonly onZoom: (factor: number, at: number) => void;
  /** Null: there is none where somebody clicked. */
  readonly onSelect: (event: number | null) => void;
  /** The pointer is elsewhere. */
  readonly onPoint: () => void;
}

/** A pointer that moved less was a click. */
const CLICK_PX = 4;
const WHEEL_LINE_PX = 16;

/** Pointer and wheel of a plot. */
export class PlotInput {
  readonly #surface: HTMLElement;
  readonly #options: PlotInputOptions;
  #pointer: MouseEvent | null = null;
  #drag: { readonly from: number; x: number; moved: boolean } | null = null;

  constructor(surface: HTMLElement, options: PlotInputOptions) {
    this.#surface = surface;
    this.#options = options;
    surface.addEventListener('pointerdown', ({ button, clientX: x }) => {
      if (button === 0) this.#drag = { from: x, x, moved: false };
    });
    surface.addEventListener('pointermove', (event) => this.#move(event));
    surface.addEventListener('pointerup', (event) => {
      if (this.#drag?.moved === false) options.onSelect(eventOf(event.target as Element));
      this.#drag = null;
    });
    surface.addEventListener('pointercancel', () => {
      this.#drag = null;
    });
    surface.addEventListener('pointerleave', () => {
      this.#pointer = null;
      options.onPoint();
    });
    surface.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
  }

  /** The pointer's last word; null where it is elsewhere, or drags. */
  get pointer(): MouseEvent | null {
    return this.#drag?.moved ? null : this.#pointer;
  }

  #move(event: PointerEvent): void {
    this.#pointer = event;
    const drag = this.#drag;
    if (drag) {
      if (!drag.moved && Math.abs(event.clientX - drag.from) > CLICK_PX) {
        drag.moved = true;
        this.#surface.setPointerCapture(event.pointerId);
      }
      if (drag.moved) this.#moveBy(drag.x - event.clientX);
      drag.x = event.clientX;
    }
    this.#options.onPoint();
  }

  /** Sideways moves, or with Shift; with Ctrl, or by pinching, it zooms; up and down moves the page. */
  #wheel(event: WheelEvent): void {
    const { deltaX, deltaY } = event;
    const view = this.#options.view();
    const isZoom = event.ctrlKey || event.metaKey;
    const isUpright = Math.abs(deltaY) > Math.abs(deltaX);
    if (!view || (isUpright && !isZoom && !event.shiftKey)) return;
    event.preventDefault();
    const delta = (isUpright ? deltaY : deltaX) * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1);
    if (isZoom)
      this.#options.onZoom(1.01 ** delta, atOf(view, event.clientX - this.#surface.getBoundingClientRect().left));
    else this.#moveBy(delta);
  }

  #moveBy(pixels: number): void {
    const view = this.#options.view();
    if (view) this.#options.onMove((pixels / view.width) * (view.to - view.from));
  }
}

/** Which event a part of the picture is about. */
export function eventOf(element: Element | null): number | null {
  const event = element?.closest<SVGElement>('[data-event]')?.dataset.event;
  return event ? Number(event) : null;
}
