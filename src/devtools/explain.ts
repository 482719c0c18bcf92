import { describe } from './describe.js';
import { readLink } from './link.js';
import type { RecordedEvent, RecordedOf } from './recording.js';
import { deedWords, delayWords, duration, subjectWords } from './words.js';

/** One step of an explanation. */
export interface Step {
  /** `SDK said`, `remedy`, `so it`, `then`. */
  readonly label: string;
  readonly text: string;
  /** The SDK's or the session's own code. */
  readonly code?: string | number | null | undefined;
  /** Where in the recording it stands, if elsewhere than the event itself. */
  readonly place?: number;
}

/** What belongs together follows within this. */
const TOGETHER_MS = 1_500;
/** An explanation looks no further than this many events around its own. */
const HORIZON = 200;

/** Why an event happened: the signal, the row of the table of remedies, what is done and when, and how it went on. */
export function explain(events: readonly RecordedEvent[], index: number): Step[] {
  const event = events[index];
  return event ? [...chainOf(events, index, event), ...ownWords(event)] : [];
}

/** From the signal by the decision to where it led. */
function chainOf(events: readonly RecordedEvent[], index: number, event: RecordedEvent): Step[] {
  const about = aboutOf(event);
  if (about === null) return [];
  const place = event.type === 'decision' ? index : decisionNear(events, index, about);
  const decision = events[place];
  const signal = event.type === 'sdk' ? [] : signalBefore(events, decision ? place : index, decision);
  if (decision?.type !== 'decision') return signal;
  const { why, reason, does, code } = decision;
  const delay = delayWords(decision);
  return [
    ...signal,
    { label: 'remedy', text: why, code: reason, ...(place !== index && { place }) },
    { label: 'so it', text: `${deedWords(does)}: ${subjectWords(decision.about)}${delay && `,${delay}`}`, code },
    ...(decision.about.kind === 'login' && does !== 'stop' ? outcome(events, index, event) : []),
  ];
}

/** What a decision that goes with an event is about; empty: anything; null: none goes with it. */
function aboutOf(event: RecordedEvent): string | null {
  if (event.type === 'sdk' || event.type === 'decision') return '';
  if (event.type === 'state' || event.type === 'end') return 'login null';
  if (event.type === 'channel') return `channel ${event.channelName}`;
  return event.type === 'subscription' ? `subscription ${event.subscription.channelName}` : null;
}

/** The decision that led to an event, or the one that the SDK's word led to. A state may be told in the same moment, ahead of it. */
function decisionNear(events: readonly RecordedEvent[], index: number, about: string): number {
  const matches = (event: RecordedEvent): boolean =>
    event.type === 'decision' && (!about || about === `${event.about.kind} ${event.about.channelName}`);
  const before = about ? nearest(events, index, -1, matches) : -1;
  return before < 0 ? nearest(events, index, 1, matches) : before;
}

/** What the SDK last said of a link: the word that was decided about, or any. */
function signalBefore(events: readonly RecordedEvent[], index: number, decision: RecordedEvent | undefined): Step[] {
  const code = decision?.type === 'decision' ? decision.code : null;
  const place = nearest(
    events,
    index,
    -1,
    (event) =>
      event.type === 'sdk' &&
      event.name === 'linkState' &&
      (code === null || readLink(event.detail).reasonCode === code),
  );
  const event = events[place];
  if (event?.type !== 'sdk') return code === null ? [] : [{ label: 'SDK said', text: 'the call was refused', code }];
  const { currentState, reasonCode, channelName } = readLink(event.detail);
  const whose = channelName === null ? 'the login’s link' : `the link of ${channelName}`;
  return [{ label: 'SDK said', text: `${whose} is ${currentState}`, code: reasonCode, place }];
}

/** How long it was until the session stood somewhere. */
function outcome(events: readonly RecordedEvent[], index: number, { at }: RecordedEvent): Step[] {
  const place = events.findIndex(
    (event, other) => other > index && event.type === 'state' && /^(connected|failed|idle)$/.test(event.state.status),
  );
  const event = events[place];
  return event ? [{ label: 'then', text: `${describe(event).title} after ${duration(event.at - at)}`, place }] : [];
}

/** The place of the next one that matches, or -1. */
function nearest(
  events: readonly RecordedEvent[],
  index: number,
  direction: 1 | -1,
  matches: (event: RecordedEvent) => boolean,
): number {
  const at = events[index]?.at ?? 0;
  for (let place = index + direction; Math.abs(place - index) <= HORIZON; place += direction) {
    const event = events[place];
    if (!event || Math.abs(event.at - at) > TOGETHER_MS) break;
    if (matches(event)) return place;
  }
  return -1;
}

/** What an event itself says of its why. */
function ownWords(event: RecordedEvent): Step[] {
  const error = errorOf(event);
  if (error) return [{ label: 'it said', text: error.message, code: error.cause?.status ?? error.code }];
  if (event.type === 'renewed') return [{ label: 'took', text: duration(event.tookMs) }];
  if (event.type !== 'restored') return [];
  return [
    ...event.results.map(({ ok, topicName = null, error, ...result }) => ({
      label: ok ? 'back' : 'missing',
      text: subjectWords({ ...result, topic: topicName }),
      code: error?.code,
    })),
    { label: 'gap', text: `messages of ${duration(event.gap.to - event.gap.from)} may have been missed` },
  ];
}

function errorOf(event: RecordedEvent): RecordedOf<'tokenFailed'>['error'] | null | undefined {
  const holder: object = 'subscription' in event ? event.subscription : 'state' in event ? event.state : event;
  return 'error' in holder ? (holder.error as ReturnType<typeof errorOf>) : null;
}
