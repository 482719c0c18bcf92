import { captionOf } from './captions.js';
import { describe } from './describe.js';
import { DEFINITIONS, drawAxis, drawLanes } from './drawing.js';
import { hitTest } from './hit-test.js';
import { type Layout, layOut } from './layout.js';
import { type Markup, markup, part, show } from './markup.js';
import { payloadOf } from './payload.js';
import { type PlotAction, PlotInput } from './plot-input.js';
import type { RecordedEvent } from './recording.js';
import type { Shape } from './shape.js';
import { type View, xOf } from './time-scale.js';
import type { Lane } from './timeline.js';
import { duration, timeOfDay } from './words.js';

/** What a plot shows. */
export interface PlotState {
  readonly lanes: readonly Lane[];
  readonly events: readonly RecordedEvent[];
  readonly view: View;
  readonly now: number;
  readonly selected: number | null;
}

/** Below this width lanes have their names above. */
const NARROW = 640;
const TITLE_HEIGHT = 20;
const TIP_LINES = 9;
const TIP_AWAY = 16;

// For the keyboard and for those who listen the picture is a slider over the events.
export const PLOT: Markup = markup`<div class="gutter" aria-hidden="true"></div><div class="surface" role="slider" tabindex="0" aria-label="Timeline of the session"><svg class="axis" height="28" aria-hidden="true"></svg><svg class="lanes" aria-hidden="true">${DEFINITIONS}<g></g></svg></div><div class="tip" hidden></div>`;

/** The lanes with their names, and what is said of the thing that is pointed at. */
export class Plot {
  readonly #root: HTMLElement;
  readonly #surface: HTMLElement;
  readonly #tip: HTMLElement;
  readonly #lanes: SVGSVGElement;
  readonly #input: PlotInput;
  #layout: Layout | null = null;
  #view: View | null = null;

  /** @param root holds {@link PLOT} */
  constructor(root: HTMLElement, onAction: (action: PlotAction) => void) {
    this.#root = root;
    this.#surface = part(root, '.surface');
    this.#tip = part(root, '.tip');
    this.#lanes = part(root, '.lanes');
    this.#input = new PlotInput(this.#surface, {
      onAction,
      view: () => this.#view,
      placeOf: ({ clientX, clientY }) => {
        const { left, top } = this.#lanes.getBoundingClientRect();
        return { x: clientX - left, y: clientY - top };
      },
      eventAt: (x, y) => this.#hit(x, y)?.event ?? null,
    });
  }

  get width(): number {
    return this.#surface.clientWidth;
  }

  show(state: PlotState): void {
    const { view, events, selected } = state;
    this.#view = view;
    const titleHeight = this.#root.clientWidth < NARROW ? TITLE_HEIGHT : 0;
    const layout = layOut({ ...state, titleHeight });
    this.#layout = layout;
    const { pointer } = this.#input;
    const hovered = pointer && this.#hit(pointer.x, pointer.y);
    const chosen = selected === null ? undefined : events[selected];
    this.#lanes.setAttribute('height', String(layout.height));
    show(part(this.#root, '.axis'), drawAxis(layout));
    show(
      part(this.#lanes, 'g'),
      drawLanes(layout, view.width, {
        selected,
        selectedX: chosen ? xOf(view, chosen.at) : null,
        hovered,
        pointerX: pointer?.x ?? null,
      }),
    );
    show(part(this.#root, '.gutter'), namesOf(layout, state.now, titleHeight));
    this.#surface.classList.toggle('pointing', hovered?.event != null);
    this.#say(chosen, state);
    this.#point(hovered, state);
  }

  #hit(x: number, y: number): Shape | null {
    return this.#layout && hitTest(this.#layout, x, y);
  }

  #say(event: RecordedEvent | undefined, { events, selected }: PlotState): void {
    const surface = this.#surface;
    surface.ariaValueMin = '0';
    surface.ariaValueMax = String(Math.max(0, events.length - 1));
    surface.ariaValueNow = String(selected ?? 0);
    if (!event) surface.ariaValueText = 'No event is chosen; arrow keys move through them';
    else {
      const { subject, title } = describe(event);
      surface.ariaValueText = `${timeOfDay(event.at)}, ${subject}: ${title}`;
    }
  }

  /** Says what is at the pointer. */
  #point(shape: Shape | null, { events, now }: PlotState): void {
    const { pointer } = this.#input;
    const event = shape?.event == null ? undefined : events[shape.event];
    this.#tip.hidden = !event || !pointer;
    if (!event || !pointer) return;
    const { subject, title } = describe(event);
    const when = `${timeOfDay(event.at, true)}, ${duration(now - event.at)} ago`;
    show(this.#tip, markup`<b>${subject}: ${title}</b><small>${when}</small>${payloadOf(event, TIP_LINES)}`);
    const { clientWidth, clientHeight, scrollTop } = this.#root;
    const { offsetWidth, offsetHeight } = this.#tip;
    const x = this.#surface.offsetLeft + pointer.x;
    const left = x + TIP_AWAY + offsetWidth > clientWidth ? Math.max(4, x - TIP_AWAY - offsetWidth) : x + TIP_AWAY;
    const lowest = scrollTop + clientHeight - offsetHeight - 6;
    this.#tip.style.translate = `${left}px ${Math.max(scrollTop + 4, Math.min(pointer.y + 44, lowest))}px`;
  }
}

function namesOf({ rows, height }: Layout, now: number, titleHeight: number): Markup {
  return markup`<div style="height:${height}px"></div>${rows.map(
    ({ lane, top, height }) =>
      markup`<div class="name" style="top:${top}px;height:${titleHeight || height}px"><b title="${lane.title}">${lane.title}</b><span>${captionOf(lane, now)}</span></div>`,
  )}`;
}
