import { atOf, type View } from './time-scale.js';

/** What somebody does with a plot. */
export type PlotAction =
  | { readonly do: 'move'; readonly ms: number }
  | { readonly do: 'zoom'; readonly factor: number; readonly at: number }
  | { readonly do: 'select'; readonly event: number | null }
  | { readonly do: 'step'; readonly by: number }
  | { readonly do: 'first' | 'last' | 'redraw' };

/** What a plot's input works on. */
export interface PlotInputOptions {
  readonly placeOf: (event: MouseEvent) => Place;
  readonly eventAt: (x: number, y: number) => number | null;
  readonly view: () => View | null;
  readonly onAction: (action: PlotAction) => void;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A pointer that moved less was a click. */
const CLICK_PX = 4;
const ZOOM_STEP = 1.5;
const WHEEL_LINE_PX = 16;

/** Pointer, wheel and keys of a plot. */
export class PlotInput {
  readonly #surface: HTMLElement;
  readonly #options: PlotInputOptions;
  #pointer: Place | null = null;
  #drag: { readonly from: number; x: number; moved: boolean } | null = null;

  constructor(surface: HTMLElement, options: PlotInputOptions) {
    this.#surface = surface;
    this.#options = options;
    const endDrag = (): void => {
      this.#drag = null;
    };
    surface.addEventListener('pointerdown', ({ button, clientX }) => {
      if (button === 0) this.#drag = { from: clientX, x: clientX, moved: false };
    });
    surface.addEventListener('pointermove', (event) => this.#move(event));
    surface.addEventListener('pointerup', (event) => this.#up(event));
    surface.addEventListener('pointercancel', endDrag);
    surface.addEventListener('pointerleave', () => {
      this.#pointer = null;
      options.onAction({ do: 'redraw' });
    });
    surface.addEventListener('wheel', (event) => this.#wheel(event), { passive: false });
    surface.addEventListener('keydown', (event) => this.#key(event));
  }

  /** Where the pointer is among the lanes; null where it is not, or drags. */
  get pointer(): Place | null {
    return this.#drag?.moved ? null : this.#pointer;
  }

  #move(event: PointerEvent): void {
    this.#pointer = this.#options.placeOf(event);
    const drag = this.#drag;
    if (drag) {
      if (!drag.moved && Math.abs(event.clientX - drag.from) > CLICK_PX) {
        drag.moved = true;
        this.#surface.setPointerCapture(event.pointerId);
      }
      if (drag.moved) this.#moveBy(drag.x - event.clientX);
      drag.x = event.clientX;
    }
    this.#options.onAction({ do: 'redraw' });
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#drag = null;
    if (!drag || drag.moved) return;
    const { x, y } = this.#options.placeOf(event);
    this.#options.onAction({ do: 'select', event: this.#options.eventAt(x, y) });
  }

  /** Sideways moves; with Ctrl, or by pinching, it zooms; up and down moves where the plot has the focus, and else the page. */
  #wheel(event: WheelEvent): void {
    const { deltaX, deltaY, shiftKey } = event;
    const view = this.#options.view();
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PX : 1;
    if (!view) return;
    const isZoom = event.ctrlKey || event.metaKey;
    const hasFocus = (this.#surface.getRootNode() as ShadowRoot).activeElement === this.#surface;
    const isUpright = Math.abs(deltaY) > Math.abs(deltaX);
    if (isUpright && !isZoom && !shiftKey && !hasFocus) return;
    event.preventDefault();
    const delta = (isUpright ? deltaY : deltaX) * unit;
    if (isZoom)
      this.#options.onAction({ do: 'zoom', factor: 1.01 ** delta, at: atOf(view, this.#options.placeOf(event).x) });
    else this.#moveBy(delta);
  }

  #moveBy(pixels: number): void {
    const view = this.#options.view();
    if (view) this.#options.onAction({ do: 'move', ms: (pixels / view.width) * (view.to - view.from) });
  }

  #key(event: KeyboardEvent): void {
    const view = this.#options.view();
    if (!view || event.ctrlKey || event.metaKey || event.altKey) return;
    const half = (view.to - view.from) / 2;
    const zoom = (factor: number): PlotAction => ({ do: 'zoom', factor, at: view.from + half });
    const back: PlotAction = { do: 'step', by: -1 };
    const on: PlotAction = { do: 'step', by: 1 };
    const actions: Readonly<Record<string, PlotAction>> = {
      ArrowLeft: back,
      ArrowDown: back,
      ArrowRight: on,
      ArrowUp: on,
      PageUp: { do: 'move', ms: -half },
      PageDown: { do: 'move', ms: half },
      Home: { do: 'first' },
      End: { do: 'last' },
      '+': zoom(1 / ZOOM_STEP),
      '-': zoom(ZOOM_STEP),
      Escape: { do: 'select', event: null },
    };
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : undefined;
    if (!action) return;
    event.preventDefault();
    this.#options.onAction(action);
  }
}
