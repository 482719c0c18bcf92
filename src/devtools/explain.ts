import { describe, headlineOf } from './describe.js';
import { readLink } from './link.js';
import type { RecordedEvent } from './recording.js';
import { causeWords, deedWords, delayWords, duration, subjectWords, targetsWords } from './words.js';

/** One step of an explanation. */
export interface Step {
  /** `SDK said`, `remedy`, `so it`, `then`. */
  readonly label: string;
  readonly text: string;
  /** The SDK's or the session's own code. */
  readonly code: string | number | null;
  /** Where in the recording it stands; null where it is the event itself or stands nowhere. */
  readonly event: number | null;
}

/** Why something happened, and what came of it. */
export interface Explanation {
  readonly title: string;
  readonly steps: readonly Step[];
}

/** What belongs together follows within this. */
const TOGETHER_MS = 1_500;
/** An explanation looks no further than this many events around its own. */
const HORIZON = 200;

/** Says why an event happened: the signal, the row of the table of remedies, what is done and when, and how it went on. */
export function explain(events: readonly RecordedEvent[], index: number): Explanation | null {
  const event = events[index];
  if (!event) return null;
  return { title: headlineOf(event), steps: [...chainOf(events, index, event), ...ownWords(event)] };
}

function step(label: string, text: string, code: Step['code'] = null, event: number | null = null): Step {
  return { label, text, code, event };
}

/** From the signal by the decision to where it led. */
function chainOf(events: readonly RecordedEvent[], index: number, event: RecordedEvent): Step[] {
  const about = aboutOf(event);
  const isWordOfSdk = event.type === 'sdk';
  const place = event.type === 'decision' ? index : about === null ? null : decisionNear(events, index, about);
  const decision = events[place ?? -1];
  if (place === null || decision?.type !== 'decision')
    return about === null || isWordOfSdk ? [] : signalBefore(events, index, null);
  const { why, reason, does, code } = decision;
  const delay = delayWords(decision);
  const subject = subjectWords(decision.about);
  return [
    ...(isWordOfSdk ? [] : signalBefore(events, place, code)),
    step('remedy', why, reason, place === index ? null : place),
    step('so it', `${deedWords(does)}: ${subject}${delay && `,${delay}`}`, code),
    ...(decision.about.kind === 'login' && does !== 'stop' ? outcome(events, index) : []),
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
function decisionNear(events: readonly RecordedEvent[], index: number, about: string): number | null {
  const matches = (event: RecordedEvent): boolean =>
    event.type === 'decision' && (!about || about === `${event.about.kind} ${event.about.channelName}`);
  return (about ? nearest(events, index, -1, matches) : null) ?? nearest(events, index, 1, matches);
}

/** What the SDK last said of a link: the word with that code, or any. */
function signalBefore(events: readonly RecordedEvent[], index: number, code: Step['code']): Step[] {
  const place = nearest(
    events,
    index,
    -1,
    (event) =>
      event.type === 'sdk' &&
      event.name === 'linkState' &&
      (code === null || readLink(event.detail).reasonCode === code),
  );
  const event = events[place ?? -1];
  if (event?.type !== 'sdk') return code === null ? [] : [step('SDK said', 'the call was refused', code)];
  const { currentState, reasonCode, channelName } = readLink(event.detail);
  const whose = channelName === null ? 'the login’s link' : `the link of ${channelName}`;
  return [step('SDK said', `${whose} is ${currentState}`, reasonCode, place)];
}

/** How long it was until the session stood somewhere. */
function outcome(events: readonly RecordedEvent[], index: number): Step[] {
  const place = events.findIndex(
    (event, other) => other > index && event.type === 'state' && /^(connected|failed|idle)$/.test(event.state.status),
  );
  const [from, event] = [events[index], events[place]];
  return from && event
    ? [step('then', `${describe(event).title} after ${duration(event.at - from.at)}`, null, place)]
    : [];
}

function nearest(
  events: readonly RecordedEvent[],
  index: number,
  direction: 1 | -1,
  matches: (event: RecordedEvent) => boolean,
): number | null {
  const at = events[index]?.at ?? 0;
  for (let place = index + direction; Math.abs(place - index) <= HORIZON; place += direction) {
    const event = events[place];
    if (!event || Math.abs(event.at - at) > TOGETHER_MS) return null;
    if (matches(event)) return place;
  }
  return null;
}

/** What an event itself says of its why. */
function ownWords(event: RecordedEvent): Step[] {
  switch (event.type) {
    case 'state':
    case 'channel':
      return event.state.status === 'failed' ? said(event.state.error) : [];
    case 'subscription':
      return said(event.subscription.error);
    case 'end':
      return said(event.error);
    case 'request':
      return [step('asked for', `${targetsWords(event.targets)}, ${causeWords(event.cause)}`)];
    case 'renewed':
      return [
        step('asked for', causeWords(event.cause)),
        step('took', `${duration(event.tookMs)} from when it was wanted until the SDK had it`),
      ];
    case 'tokenFailed': {
      const { error, retryInMs } = event;
      const next = retryInMs === null ? 'does not ask again by itself' : `asks again in ${duration(retryInMs)}`;
      return [step('it said', error.message, error.cause?.status ?? error.code), step('so it', next)];
    }
    case 'restored':
      return [
        ...event.results.map(({ ok, topicName = null, error, ...result }) =>
          step(ok ? 'back' : 'missing', subjectWords({ ...result, topic: topicName }), error?.code),
        ),
        step('gap', `messages of ${duration(event.gap.to - event.gap.from)} may have been missed`),
      ];
    default:
      return [];
  }
}

function said(error: { readonly message: string; readonly code: string } | null | undefined): Step[] {
  return error ? [step('it said', error.message, error.code)] : [];
}
