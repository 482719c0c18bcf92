import type { ChannelState, RestoreCause, SessionState, TokenSnapshot, TokenTarget } from '../index.js';
import type { RecordedOf } from './recording.js';
import type { Tone } from './timeline.js';

/** Says a word of ours for one of theirs, or theirs where it speaks for itself or is of another version. */
const saying =
  <Word extends string>(words: Readonly<Partial<Record<Word, string>>>) =>
  (word: string): string =>
    (Object.hasOwn(words, word) && words[word as Word]) || word;

/** Why a token was fetched; follows "renewed". */
export const causeWords: (cause: string) => string = saying<TokenSnapshot['cause']>({
  login: 'for the login',
  join: 'to join',
  schedule: 'on schedule',
  'will-expire': 'as the SDK warned',
  expired: 'as it had lapsed',
  rejected: 'as it was refused',
  wake: 'after sleep',
  reconnected: 'after the link was down',
  manual: 'by hand',
});

/** Why a session recovers; follows "after". */
export const recoveryWords: (cause: string) => string = saying<RestoreCause>({
  expired: 'the token lapsed',
  rejected: 'the token was refused',
  'link-failed': 'the SDK gave up its link',
  'not-resumed': 'the SDK came back without its channels',
  resumed: 'the SDK resumed its link',
});

/** What a decision does. */
export const deedWords: (does: string) => string = saying<RecordedOf<'decision'>['does']>({
  relogin: 'log in again',
  rejoin: 'join again',
  retry: 'make the call again',
});

type Status = SessionState['status'] | ChannelState['status'] | RecordedOf<'subscription'>['subscription']['state'];

/** How a session, a stream channel or a subscription stands. */
const statusWords = saying<Status>({
  idle: 'logged out',
  connecting: 'logging in',
  waiting: 'another tab has the login',
  rejoining: 'joining again',
});

const TONES: Readonly<Record<Status, Tone>> = {
  idle: 'quiet',
  connecting: 'busy',
  connected: 'good',
  waiting: 'calm',
  reconnecting: 'busy',
  recovering: 'busy',
  failed: 'bad',
  joining: 'busy',
  joined: 'good',
  rejoining: 'busy',
  left: 'quiet',
  subscribing: 'busy',
  subscribed: 'good',
  unsubscribed: 'quiet',
};

/** How something stands, with what brought it there. */
export function stateWords({
  status,
  cause,
  error,
}: {
  readonly status: string;
  readonly cause?: string;
  readonly error?: { readonly code: string } | undefined;
}): { title: string; tone: Tone } {
  const label = statusWords(status);
  const because = error?.code ?? (cause && recoveryWords(cause));
  const tone = Object.hasOwn(TONES, status) ? TONES[status as Status] : 'quiet';
  return { title: because ? `${label}: ${because}` : label, tone };
}

export function linkTone(state: string): Tone {
  if (state === 'CONNECTED') return 'good';
  return state === 'FAILED' || state === 'SUSPENDED' ? 'bad' : 'busy';
}

/** And when: ` in 4 s`. */
export function delayWords({ does, delayMs }: RecordedOf<'decision'>): string {
  if (does === 'stop' || delayMs === null) return '';
  return delayMs > 0 ? ` in ${duration(delayMs)}` : ' at once';
}

/** `login token`, `stage token`. */
export function targetWords(target: TokenTarget): string {
  return target.kind === 'signaling' ? 'login token' : `${target.channelName} token`;
}

export function targetsWords(targets: readonly TokenTarget[]): string {
  return targets.map(targetWords).join(', ');
}

/** What a decision is about: `the login`, `topic chat of stage`. */
export function subjectWords({ kind, channelName, topic }: RecordedOf<'decision'>['about']): string {
  if (kind === 'login') return 'the login';
  if (kind === 'subscription') return `the subscription to ${channelName}`;
  if (kind === 'channel') return `channel ${channelName}`;
  return `${kind === 'topic' ? 'topic' : 'those heard in'} ${topic} of ${channelName}`;
}

/** How long something took or takes: `80 ms`, `4.7 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  if (ms < 995) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9_950) return `${Math.round(ms / 100) / 10} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? pair(minutes, 'min', seconds % 60, 's')
    : pair(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

function pair(whole: number, unit: string, rest: number, smallUnit: string): string {
  return `${whole} ${unit}${rest ? ` ${rest} ${smallUnit}` : ''}`;
}

/** The same of what counts seconds; those that are begun count. */
export function wholeSeconds(ms: number): string {
  return duration(Math.ceil(ms / 1000) * 1000);
}

/** The time of day, to the second or to the millisecond. */
export function timeOfDay(at: number, precise: boolean = false): string {
  const date = new Date(at);
  const seconds = date.toTimeString().slice(0, 8);
  return precise ? seconds + date.toISOString().slice(-5, -1) : seconds;
}
