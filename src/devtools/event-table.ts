import { describe } from './describe.js';
import type { EventLog } from './event-log.js';
import { type Markup, markup, part, show } from './markup.js';
import { timeOfDay } from './words.js';

/** How high a line is. */
const ROW = 26;
/** Of ten thousand lines there are those in sight, and this many above and below. */
const BESIDE = 60;

export const TABLE: Markup = markup`<h3>Events <small></small></h3><div class="scroll"><table role="grid" tabindex="0" aria-label="Events"><thead><tr aria-rowindex="1"><th>Time</th><th>What</th><th>Event</th></tr></thead><tbody></tbody></table></div>`;

/** Every event as a line: the same as the picture says, for those who read or listen. */
export class EventTable {
  readonly #root: HTMLElement;
  readonly #scroll: HTMLElement;
  readonly #table: HTMLElement;

  /** @param root holds {@link TABLE} */
  constructor(root: HTMLElement, onScroll: () => void) {
    this.#root = root;
    this.#scroll = part(root, '.scroll');
    this.#table = part(root, 'table');
    this.#scroll.addEventListener('scroll', onScroll);
  }

  /** Shows those lines that are in sight. It stays at its end where it is there. @param reveal brings the selected one into sight */
  show({ events, shown, dropped }: EventLog, selected: number, reveal: boolean): void {
    const { length } = shown;
    const { clientHeight, scrollTop, scrollHeight } = this.#scroll;
    const place = shown.indexOf(selected);
    let top = scrollTop;
    if (reveal && place >= 0) top = Math.max((place + 2) * ROW - clientHeight, Math.min(place * ROW, top));
    else if (top + clientHeight >= scrollHeight - ROW) top = (length + 1) * ROW - clientHeight;
    const first = Math.max(0, Math.floor(Math.min(top, length * ROW - clientHeight) / ROW) - BESIDE);
    const lines = shown.slice(first, first + Math.ceil(clientHeight / ROW) + 2 * BESIDE);
    const rows = lines.flatMap((index, line) => {
      const event = events[index];
      if (!event) return [];
      const { subject, title, tone } = describe(event);
      return markup`<tr id="event-${index}" class="${tone}" data-event="${index}" aria-rowindex="${first + line + 2}" aria-selected="${String(index === selected)}" title="${subject}: ${title}"><th scope="row">${timeOfDay(event.at, true)}</th><td>${subject}</td><td>${title}</td></tr>`;
    });
    show(part(this.#root, 'tbody'), markup`${rows}`);
    show(part(this.#root, 'small'), markup`${dropped > 0 ? `the last ${length}` : length}`);
    const table = this.#table;
    table.ariaRowCount = String(length + 1);
    table.setAttribute('aria-activedescendant', lines.includes(selected) ? `event-${selected}` : '');
    table.style.marginBlock = `${first * ROW}px ${(length - first - lines.length) * ROW}px`;
    if (top !== scrollTop) this.#scroll.scrollTop = top;
  }
}
