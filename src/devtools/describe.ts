import { readLink } from './link.js';
import type { RecordedEvent, RecordedOf } from './recording.js';
import type { MarkShape, Tone } from './timeline.js';
import {
  causeWords,
  deedWords,
  delayWords,
  duration,
  linkTone,
  recoveryWords,
  stateWords,
  subjectWords,
  targetsWords,
  targetWords,
} from './words.js';

/** An event in words: what the picture, the table and the explanation say of it. */
export interface Description {
  /** What it is about: `state`, `login token`, `stage`. */
  readonly subject: string;
  /** What happened, in a few words. */
  readonly title: string;
  readonly tone: Tone;
  readonly shape: MarkShape;
}

/** Says what happened in a few words. */
export function describe(event: RecordedEvent): Description {
  switch (event.type) {
    case 'snapshot':
      return line('session', `recording began, ${stateWords(event.state).title}`, 'quiet');
    case 'tokens':
      return line('tokens', 'changed', 'quiet');
    case 'state':
      return standing('state', event.state);
    case 'channel':
      return standing(event.channelName, event.state);
    case 'subscription': {
      const { channelName, state: status, error } = event.subscription;
      return standing(channelName, { status, error });
    }
    case 'request':
      return line('requests', `asks for ${targetsWords(event.targets)} ${causeWords(event.cause)}`, 'calm');
    case 'answer':
      return describeAnswer(event);
    case 'renewed': {
      const { target, cause, lifetimeMs } = event;
      return line(targetWords(target), `renewed ${causeWords(cause)}, lives ${duration(lifetimeMs)}`, 'good', 'tick');
    }
    case 'tokenFailed': {
      const { target, error, attempt, retryInMs } = event;
      const next = retryInMs === null ? 'nobody asks again' : `next try in ${duration(retryInMs)}`;
      return line(targetWords(target), `attempt ${attempt} failed: ${error.code}, ${next}`, 'bad');
    }
    case 'restored': {
      const { results, cause } = event;
      const back = results.filter(({ ok }) => ok).length;
      const title = `restored ${back} of ${results.length} after ${recoveryWords(cause)}`;
      return line('session', title, back === results.length ? 'good' : 'bad');
    }
    case 'decision': {
      const tone = event.does === 'stop' ? 'bad' : event.does === 'wait' ? 'calm' : 'busy';
      return line(subjectWords(event.about), deedWords(event.does) + delayWords(event), tone, 'diamond');
    }
    case 'sdk':
      return describeSdk(event);
    case 'illegal':
      return line(subjectWords(event.about), `${event.from} to ${event.to}: illegal`, 'bad', 'cross');
    case 'end': {
      const { error } = event;
      return line('session', `over: ${error?.code ?? 'the app logged out'}`, error ? 'bad' : 'quiet', 'cross');
    }
    default:
      // A recording of another version.
      return line('session', String((event as { type: unknown }).type), 'calm');
  }
}

/** What happened to what. */
export function headlineOf(event: RecordedEvent): string {
  const { subject, title } = describe(event);
  return `${subject}: ${title}`;
}

function line(subject: string, title: string, tone: Tone, shape: MarkShape = 'dot'): Description {
  return { subject, title, tone, shape };
}

function standing(subject: string, state: Parameters<typeof stateWords>[0]): Description {
  const { title, tone } = stateWords(state);
  return line(subject, title, tone);
}

function describeAnswer({ code, tokens, targets, tookMs }: RecordedOf<'answer'>): Description {
  const isWhole = code === null && tokens >= targets.length;
  const tone = isWhole ? 'good' : tokens > 0 ? 'busy' : 'bad';
  const got = isWhole ? `got ${targetsWords(targets)}` : `${tokens} of ${targets.length} tokens`;
  return line('requests', `${code === null ? got : `failed: ${code}`}, ${duration(tookMs)}`, tone);
}

function describeSdk({ name, detail }: RecordedOf<'sdk'>): Description {
  const { currentState, reasonCode, channelName } = readLink(detail);
  const subject = channelName === null ? 'SDK' : `SDK, ${channelName}`;
  const type = String(detail.eventType ?? name);
  if (name === 'linkState') return line(subject, `link ${currentState}, ${reasonCode}`, linkTone(currentState), 'tick');
  if (name === 'topic') return line(subject, `topic event ${type}`, 'calm');
  return line(subject, /will.?expire/i.test(type) ? 'token will expire' : 'token event', 'busy', 'flag');
}
