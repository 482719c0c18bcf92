import { describe } from './describe.js';
import type { EventLog } from './event-log.js';
import { type Markup, markup, part } from './markup.js';
import { timeOfDay } from './words.js';

/** Of ten thousand lines this many are there; the table says how many there are, and more come where somebody goes there. */
const MOST = 240;
const PAGE = 10;

export const TABLE: Markup = markup`<h3>Events <small></small></h3><div class="scroll"><table aria-label="Events"><thead><tr aria-rowindex="1"><th scope="col">Time</th><th scope="col">What</th><th scope="col">Event</th></tr></thead><tbody></tbody></table></div>`;

/** Every event as a line: the same as the picture says, for those who read or listen. Arrow keys move through them. */
export class EventTable {
  readonly #root: HTMLElement;
  readonly #body: HTMLElement;
  readonly #scroll: HTMLElement;
  #log: EventLog | null = null;
  /** Which lines are there: places in the list of those shown, counted from the first ever. */
  #first = 0;
  #next = 0;
  #dropped = 0;

  /** @param root holds {@link TABLE} */
  constructor(root: HTMLElement) {
    this.#root = root;
    this.#body = part(root, 'tbody');
    this.#scroll = part(root, '.scroll');
    this.#scroll.addEventListener('scroll', () => this.#scrolled());
  }

  /** Shows what is new. */
  show(log: EventLog): void {
    const { length } = log.shown;
    const isAtEnd = this.#scroll.scrollTop + this.#scroll.clientHeight >= this.#scroll.scrollHeight - 40;
    const hadAll = this.#next - this.#first;
    if (log !== this.#log || log.dropped !== this.#dropped || hadAll === 0) this.#fill(log, length - MOST);
    else if (isAtEnd || length - this.#first <= MOST) this.#append(log);
    part(this.#root, 'small').textContent = log.dropped > 0 ? `the last ${length}` : String(length);
    part(this.#root, 'table').ariaRowCount = String(length + 1);
    if (isAtEnd || hadAll === 0) this.#scroll.scrollTop = this.#scroll.scrollHeight;
  }

  /** Marks a line, and brings it into sight with the focus where the table has it. */
  select(index: number | null): void {
    const log = this.#log;
    const old = this.#body.querySelector('.current');
    old?.classList.remove('current');
    old?.querySelector('button')?.removeAttribute('aria-current');
    if (!log || index === null) return;
    const hasFocus = this.#body.contains((this.#root.getRootNode() as ShadowRoot).activeElement);
    const place = log.shown.indexOf(index);
    if (place < 0) return;
    if (place < this.#first || place >= this.#next) this.#fill(log, place - MOST / 2);
    const row = this.#body.children[place - this.#first];
    const button = row?.querySelector('button');
    if (!row || !button) return;
    row.classList.add('current');
    button.ariaCurrent = 'true';
    for (const other of this.#body.querySelectorAll('button')) other.tabIndex = other === button ? 0 : -1;
    row.scrollIntoView({ block: 'nearest' });
    if (hasFocus) button.focus({ preventScroll: true });
  }

  /** Where an arrow key leads from the line that has the focus; null where it is none. */
  placeAfter(key: string, event: number): number | null {
    const shown = this.#log?.shown ?? [];
    const last = shown.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowUp: -1,
      ArrowDown: 1,
      PageUp: -PAGE,
      PageDown: PAGE,
      Home: -last,
      End: last,
    };
    const step = Object.hasOwn(steps, key) ? steps[key] : undefined;
    if (step === undefined) return null;
    return shown[Math.min(last, Math.max(0, shown.indexOf(event) + step))] ?? null;
  }

  #scrolled(): void {
    const log = this.#log;
    if (!log) return;
    const { scrollTop, clientHeight, scrollHeight } = this.#scroll;
    const height = scrollHeight / Math.max(1, this.#next - this.#first);
    const [first, next] = [this.#first, this.#next];
    if (scrollTop < height && first > 0) this.#fill(log, first - MOST / 2);
    else if (scrollTop + clientHeight > scrollHeight - height && next < log.shown.length && next - first >= MOST)
      this.#fill(log, first + MOST / 2);
    if (first !== this.#first) this.#scroll.scrollTop = scrollTop + (first - this.#first) * height;
  }

  #fill(log: EventLog, from: number): void {
    this.#log = log;
    this.#dropped = log.dropped;
    this.#first = this.#next = Math.max(0, Math.min(from, log.shown.length - MOST));
    this.#body.replaceChildren();
    this.#append(log);
  }

  #append(log: EventLog): void {
    const until = Math.min(log.shown.length, this.#first + MOST * 2);
    let rows = '';
    for (; this.#next < until; this.#next++) rows += rowOf(log, this.#next).text;
    this.#body.insertAdjacentHTML('beforeend', rows);
    for (; this.#next - this.#first > MOST; this.#first++) this.#body.firstElementChild?.remove();
    // One line can be reached by Tab, from which the arrow keys go on.
    const last = this.#body.lastElementChild?.querySelector('button');
    if (last && !this.#body.querySelector('[tabindex="0"]')) last.tabIndex = 0;
  }
}

function rowOf({ events, shown }: EventLog, place: number): Markup {
  const index = shown[place] ?? 0;
  const event = events[index];
  if (!event) return markup``;
  const { subject, title, tone } = describe(event);
  return markup`<tr class="${tone}" data-event="${index}" aria-rowindex="${place + 2}"><th scope="row"><button type="button" tabindex="-1">${timeOfDay(event.at, true)}</button></th><td title="${subject}">${subject}</td><td title="${title}">${title}</td></tr>`;
}
