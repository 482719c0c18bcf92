import type { RecordedEvent } from './recording.js';
import type { MarkShape, Tone } from './timeline.js';
import {
  causeWords,
  channelWords,
  deedWords,
  duration,
  linkTone,
  recoveryWords,
  stateWords,
  subjectWords,
  targetWords,
} from './words.js';

/** An event in words. */
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
      return line('session', `recording began, ${stateWords(event.state).label}`, 'quiet');
    case 'tokens':
      return line('tokens', 'changed', 'quiet');
    case 'state': {
      const { label, tone } = stateWords(event.state);
      return line('state', label, tone);
    }
    case 'channel': {
      const { state } = event;
      const { label, tone } = channelWords(state.status, state.status === 'failed' ? state.error.code : undefined);
      return line(event.channelName, label, tone);
    }
    case 'subscription': {
      const { channelName, state, error } = event.subscription;
      const { label, tone } = channelWords(state, error?.code);
      return line(channelName, label, tone);
    }
    case 'request':
      return line(
        'requests',
        `asks for ${event.targets.map(targetWords).join(', ')} ${causeWords(event.cause)}`,
        'calm',
      );
    case 'answer': {
      const { code, tokens, targets, tookMs } = event;
      if (code !== null) return line('requests', `failed: ${code}, ${duration(tookMs)}`, 'bad');
      const tone = tokens === 0 ? 'bad' : tokens < targets.length ? 'busy' : 'good';
      return line('requests', `${tokens} of ${targets.length} tokens, ${duration(tookMs)}`, tone);
    }
    case 'renewed':
      return line(
        targetWords(event.target),
        `renewed ${causeWords(event.cause)}, lives ${duration(event.lifetimeMs)}`,
        'good',
      );
    case 'tokenFailed': {
      const { error, attempt, retryInMs } = event;
      const next = retryInMs === null ? 'nobody asks again' : `next try in ${duration(retryInMs)}`;
      return line(targetWords(event.target), `attempt ${attempt} failed: ${error.code}, ${next}`, 'bad');
    }
    case 'restored':
      return describeRestored(event.results, event.cause);
    case 'decision': {
      const { does, about, delayMs } = event;
      const when = does === 'stop' ? '' : delayMs ? ` in ${duration(delayMs)}` : delayMs === 0 ? ' at once' : '';
      const tone = does === 'stop' ? 'bad' : does === 'wait' ? 'calm' : 'busy';
      return { subject: subjectWords(about), title: `${deedWords(does)}${when}`, tone, shape: 'diamond' };
    }
    case 'sdk':
      return describeSdk(event.name, event.detail);
    case 'illegal':
      return {
        subject: subjectWords(event.about),
        title: `${event.from} to ${event.to}: illegal`,
        tone: 'bad',
        shape: 'cross',
      };
    case 'end': {
      const { error } = event;
      const title = error ? `session over: ${error.code}` : 'session over: the app logged out';
      return { subject: 'session', title, tone: error ? 'bad' : 'quiet', shape: 'cross' };
    }
    default:
      // A recording of another version.
      return line('session', String((event as { type: unknown }).type), 'calm');
  }
}

function line(subject: string, title: string, tone: Tone): Description {
  return { subject, title, tone, shape: 'dot' };
}

function describeRestored(results: readonly { readonly ok: boolean }[], cause: string): Description {
  const back = results.filter(({ ok }) => ok).length;
  const title = `restored ${back} of ${results.length} after ${recoveryWords(cause)}`;
  return line('session', title, back === results.length ? 'good' : 'bad');
}

function describeSdk(name: string, detail: Readonly<Record<string, unknown>>): Description {
  const channel = [detail.channelName, detail.affectedChannels].flat().find((one) => typeof one === 'string' && one);
  const subject = `SDK${channel ? `, ${channel}` : ''}`;
  if (name === 'linkState') {
    const state = String(detail.currentState);
    return { subject, title: `link ${state}, ${detail.reasonCode}`, tone: linkTone(state), shape: 'tick' };
  }
  if (name === 'topic') return line(subject, `topic event ${detail.eventType ?? ''}`.trim(), 'calm');
  const isWarning = /will.?expire/i.test(String(detail.eventType ?? name));
  return { subject, title: isWarning ? 'token will expire' : 'token event', tone: 'busy', shape: 'flag' };
}
