import { explain } from './explain.js';
import { type Markup, markup } from './markup.js';
import { payloadOf } from './payload.js';
import type { RecordedEvent } from './recording.js';
import { timeOfDay } from './words.js';

const MOST = 60;

/** Why the selected event happened, what came of it, and all that is known of it. Steps lead to their events by `data-event`. */
export function whyOf(events: readonly RecordedEvent[], selected: number | null): Markup {
  const event = events[selected ?? -1];
  const explanation = explain(events, selected ?? -1);
  if (!event || !explanation)
    return markup`<p>Choose an event, in the picture or in the table, to see what led to it and what came of it.</p>`;
  const { title, steps } = explanation;
  return markup`<h4>${title}</h4><small>${timeOfDay(event.at, true)}</small><ol>${steps.map(
    ({ label, text, code, event }) =>
      markup`<li><span>${label}</span><div>${event === null ? text : markup`<button data-event="${event}">${text}</button>`} ${code === null ? '' : markup`<code>${code}</code>`}</div></li>`,
  )}</ol><details><summary>All that is known of it</summary>${payloadOf(event, MOST)}</details>`;
}
