import { headlineOf } from './describe.js';
import { explain } from './explain.js';
import { type Markup, markup } from './markup.js';
import { payloadOf } from './payload.js';
import type { RecordedEvent } from './recording.js';
import { timeOfDay } from './words.js';

/** Why the selected event happened, what came of it, and all that is known of it. Steps lead to their events by `data-event`. */
export function whyOf(events: readonly RecordedEvent[], selected: number): Markup {
  const event = events[selected];
  if (!event) return markup`<p>Choose an event to see what led to it and what came of it.</p>`;
  return markup`<h4>${headlineOf(event)}</h4><small>${timeOfDay(event.at, true)}</small><dl>${explain(
    events,
    selected,
  ).map(
    ({ label, text, code, place }) =>
      markup`<dt>${label}</dt><dd>${place === undefined ? text : markup`<button data-event="${place}">${text}</button>`} ${code === null || code === undefined ? '' : markup`<code>${code}</code>`}</dd>`,
  )}</dl><details><summary>All that it holds</summary>${payloadOf(event)}</details>`;
}
