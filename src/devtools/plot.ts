import { captionOf } from './captions.js';
import { headlineOf } from './describe.js';
import { DEFINITIONS, drawAxis, drawLanes } from './drawing.js';
import { type Layout, layOut } from './layout.js';
import { type Markup, markup, part, show } from './markup.js';
import { payloadOf } from './payload.js';
import { PlotInput, type PlotInputOptions } from './plot-input.js';
import type { RecordedEvent } from './recording.js';
import { type View, xOf } from './time-scale.js';
import type { Lane } from './timeline.js';
import { duration, timeOfDay } from './words.js';

/** What a plot shows. */
export interface PlotState {
  readonly lanes: readonly Lane[];
  readonly events: readonly RecordedEvent[];
  readonly view: View;
  readonly now: number;
  /** The place of the event that is; below zero: none. */
  readonly selected: number;
}

/** Below this width lanes have their names above. */
const NARROW = 640;
const TITLE_HEIGHT = 20;
const TIP_AWAY = 16;

/** For the keyboard and for those who listen there is the table, which moves the picture along. */
export const PLOT: Markup = markup`<div class="gutter" aria-hidden="true"></div><div class="surface" aria-hidden="true"><svg class="axis" height="28"></svg><svg class="lanes">${DEFINITIONS}<g></g></svg></div><div class="tip" aria-hidden="true" hidden></div>`;

/** The lanes with their names, and what is said of the thing that is pointed at. */
export class Plot {
  readonly #root: HTMLElement;
  readonly #surface: HTMLElement;
  readonly #lanes: SVGElement;
  readonly #input: PlotInput;

  /** @param root holds {@link PLOT} */
  constructor(root: HTMLElement, options: PlotInputOptions) {
    this.#root = root;
    this.#surface = part(root, '.surface');
    this.#lanes = part(root, '.lanes');
    this.#input = new PlotInput(this.#surface, options);
  }

  get width(): number {
    return this.#surface.clientWidth;
  }

  show(state: PlotState): void {
    const { view, events, now, selected } = state;
    const { width } = view;
    const titleHeight = this.#root.clientWidth < NARROW ? TITLE_HEIGHT : 0;
    const layout = layOut({ ...state, titleHeight });
    const { pointer } = this.#input;
    const chosen = events[selected];
    const chosenX = chosen ? xOf(view, chosen.at) : null;
    const pointerX = pointer && pointer.clientX - this.#surface.getBoundingClientRect().left;
    this.#lanes.setAttribute('height', String(layout.height));
    show(part(this.#root, '.axis'), drawAxis(layout));
    show(part(this.#lanes, 'g'), drawLanes(layout, { width, chosenX, pointerX }));
    show(part(this.#root, '.gutter'), namesOf(layout, now, titleHeight));
    this.#mark('chosen', selected);
    this.#point(state);
  }

  /** All that is drawn of an event. */
  #mark(name: string, event: number): void {
    for (const shape of this.#lanes.querySelectorAll(`.${name}`)) shape.classList.remove(name);
    for (const shape of this.#lanes.querySelectorAll(`[data-event="${event}"]`)) shape.classList.add(name);
  }

  /** Says what is at the pointer. */
  #point({ events, now }: PlotState): void {
    const { pointer } = this.#input;
    const root = this.#root.getRootNode() as ShadowRoot;
    const pointed =
      pointer && root.elementFromPoint(pointer.clientX, pointer.clientY)?.closest<SVGElement>('[data-event]');
    const place = Number(pointed?.dataset.event || -1);
    const event = events[place];
    const tip = part(this.#root, '.tip');
    tip.hidden = !event;
    this.#mark('hot', place);
    if (!event || !pointer) return;
    const when = `${timeOfDay(event.at, true)}, ${duration(now - event.at)} ago`;
    show(tip, markup`<h4>${headlineOf(event)}</h4><small>${when}</small>${payloadOf(event)}`);
    const { left, top, width, height } = this.#root.getBoundingClientRect();
    const [x, y] = [pointer.clientX - left, pointer.clientY - top];
    // Above or below, where there is more room.
    tip.style.left = `${Math.max(0, Math.min(x, width - tip.offsetWidth))}px`;
    tip.style.top = `${this.#root.scrollTop + (y > height / 2 ? Math.max(0, y - tip.offsetHeight - TIP_AWAY) : y + TIP_AWAY)}px`;
  }
}

function namesOf({ rows, height }: Layout, now: number, titleHeight: number): Markup {
  return markup`<div style="height:${height}px"></div>${rows.map(
    ({ lane, top, height }) =>
      markup`<div class="name" style="top:${top}px;height:${titleHeight || height}px"><b title="${lane.title}">${lane.title}</b><span>${captionOf(lane, now)}</span></div>`,
  )}`;
}
