import { describe } from './describe.js';
import { readLink } from './link.js';
import type { RecordedEvent, RecordedOf } from './recording.js';
import { causeWords, deedWords, duration, resultWords, subjectWords, targetWords } from './words.js';

/** One step of an explanation. */
export interface Step {
  /** `SDK said`, `remedy`, `so it`, `then`. */
  readonly label: string;
  readonly text: string;
  /** The SDK's or the session's own code. */
  readonly code: string | null;
  /** Where in the recording it stands; null where it is the event itself or stands nowhere. */
  readonly event: number | null;
}

/** Why something happened, and what came of it. */
export interface Explanation {
  readonly at: number;
  readonly subject: string;
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
  const { subject, title } = describe(event);
  return { at: event.at, subject, title, steps: stepsOf(events, index, event) };
}

function stepsOf(events: readonly RecordedEvent[], index: number, event: RecordedEvent): Step[] {
  const near = new Neighbours(events, index);
  switch (event.type) {
    case 'decision':
      return [...near.signalOf(event), ...rowOf(event), ...near.outcomeOf(event)];
    case 'state':
      if (event.state.status === 'failed')
        return [...near.decided('login', null), step('it said', event.state.error.message, event.state.error.code)];
      if (event.state.status === 'connected' || event.state.status === 'idle') return near.linkBefore();
      return [...near.decided('login', null), ...near.until('connected')];
    case 'channel': {
      const steps = near.decided('channel', event.channelName);
      const { state } = event;
      return state.status === 'failed' ? [...steps, step('it said', state.error.message, state.error.code)] : steps;
    }
    case 'subscription': {
      const { channelName, error } = event.subscription;
      const steps = near.decided('subscription', channelName);
      return error ? [...steps, step('it said', error.message, error.code)] : steps;
    }
    case 'sdk':
      return near.consequences();
    case 'renewed':
      return [
        step('asked for', causeWords(event.cause), null),
        step('took', `${duration(event.tookMs)} from when it was wanted until the SDK had it`, null),
      ];
    case 'request':
      return [step('asked for', `${event.targets.map(targetWords).join(', ')}, ${causeWords(event.cause)}`, null)];
    case 'tokenFailed': {
      const { error, retryInMs } = event;
      const next = retryInMs === null ? 'does not ask again by itself' : `asks again in ${duration(retryInMs)}`;
      return [step('it said', error.message, String(error.cause?.status ?? error.code)), step('so it', next, null)];
    }
    case 'restored':
      return [
        ...event.results.map((result) =>
          step(result.ok ? 'back' : 'missing', resultWords(result), result.error?.code ?? null),
        ),
        step('gap', `messages of ${duration(event.gap.to - event.gap.from)} may have been missed`, null),
      ];
    case 'end':
      return event.error
        ? [...near.decided('login', null), step('it said', event.error.message, event.error.code)]
        : [];
    default:
      return [];
  }
}

function step(label: string, text: string, code: string | null, event: number | null = null): Step {
  return { label, text, code, event };
}

function rowOf({ reason, why, does, delayMs, about, code }: RecordedOf<'decision'>): Step[] {
  const when = delayMs === null ? '' : delayMs > 0 ? `, in ${duration(delayMs)}` : ', at once';
  return [
    step('remedy', why, reason),
    step(
      'so it',
      `${deedWords(does)}: ${subjectWords(about)}${does === 'stop' ? '' : when}`,
      code === null ? null : String(code),
    ),
  ];
}

/** What happened around an event. */
class Neighbours {
  readonly #events: readonly RecordedEvent[];
  readonly #index: number;

  constructor(events: readonly RecordedEvent[], index: number) {
    this.#events = events;
    this.#index = index;
  }

  /** What the SDK said right before a decision. */
  signalOf({ about, code }: RecordedOf<'decision'>): Step[] {
    const found = this.#find(-1, (event) => {
      if (event.type !== 'sdk' || event.name !== 'linkState') return false;
      const { channelName, reasonCode } = readLink(event.detail);
      return (
        reasonCode === code && (about.kind === 'login' || channelName === null || channelName === about.channelName)
      );
    });
    if (found) return [this.#said(found)];
    return code === null ? [] : [step('SDK said', 'the call was refused', String(code))];
  }

  /** The decision that led to a state, with its own steps. */
  decided(kind: RecordedOf<'decision'>['about']['kind'], channelName: string | null): Step[] {
    const found =
      this.#find(
        -1,
        (event) => event.type === 'decision' && event.about.kind === kind && event.about.channelName === channelName,
        // The state may be told in the same moment, ahead of it.
      ) ?? this.#find(1, (event) => event.type === 'decision' && event.about.kind === kind && event.at === this.#at);
    if (found?.event.type !== 'decision') return this.linkBefore();
    const near = new Neighbours(this.#events, found.index);
    const [row, deed] = rowOf(found.event);
    const steps = [...near.signalOf(found.event)];
    if (row) steps.push({ ...row, event: found.index });
    if (deed) steps.push(deed);
    return steps;
  }

  /** The link's last word. */
  linkBefore(): Step[] {
    const found = this.#find(-1, (event) => event.type === 'sdk' && event.name === 'linkState');
    return found ? [this.#said(found)] : [];
  }

  /** What the session did about what the SDK said. */
  consequences(): Step[] {
    const steps: Step[] = [];
    for (let index = this.#index + 1; index < this.#events.length && index < this.#index + HORIZON; index++) {
      const event = this.#events[index];
      if (!event || event.at - this.#at > TOGETHER_MS || (event.type === 'sdk' && event.name === 'linkState')) break;
      if (event.type === 'decision') {
        const [row, deed] = rowOf(event);
        if (row) steps.push(row);
        if (deed) steps.push({ ...deed, event: index });
      } else if (event.type === 'state') {
        steps.push(step('then', describe(event).title, null, index));
      }
      if (steps.length >= 6) break;
    }
    return steps;
  }

  outcomeOf({ about }: RecordedOf<'decision'>): Step[] {
    return about.kind === 'login' ? this.until('connected') : [];
  }

  /** How long it was until the session stood so. */
  until(status: string): Step[] {
    for (let index = this.#index + 1; index < this.#events.length; index++) {
      const event = this.#events[index];
      if (event?.type !== 'state') continue;
      if (event.state.status === status || event.state.status === 'failed' || event.state.status === 'idle')
        return [step('then', `${describe(event).title} after ${duration(event.at - this.#at)}`, null, index)];
    }
    return [];
  }

  get #at(): number {
    return this.#events[this.#index]?.at ?? 0;
  }

  #said({ index, event }: { index: number; event: RecordedEvent }): Step {
    if (event.type !== 'sdk') return step('SDK said', describe(event).title, null, index);
    const { currentState, reasonCode, channelName } = readLink(event.detail);
    const whose = channelName === null ? 'the login’s link' : `the link of ${channelName}`;
    return step('SDK said', `${whose} is ${currentState}`, reasonCode, index);
  }

  #find(
    direction: 1 | -1,
    matches: (event: RecordedEvent) => boolean,
  ): { readonly index: number; readonly event: RecordedEvent } | null {
    for (let away = 1; away <= HORIZON; away++) {
      const index = this.#index + away * direction;
      const event = this.#events[index];
      if (!event || Math.abs(event.at - this.#at) > TOGETHER_MS) return null;
      if (matches(event)) return { index, event };
    }
    return null;
  }
}
