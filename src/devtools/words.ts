import type { ChannelState, RecoveryCause, SessionState, TokenSnapshot, TokenTarget } from '../index.js';
import type { RecordedOf } from './recording.js';
import type { Tone } from './timeline.js';

/** Why a token was fetched; follows "renewed". */
const CAUSES: Readonly<Record<TokenSnapshot['cause'], string>> = {
  login: 'for the login',
  join: 'to join',
  schedule: 'on schedule',
  'will-expire': 'as the SDK warned',
  expired: 'as it had lapsed',
  rejected: 'as it was refused',
  wake: 'after sleep',
  reconnected: 'after the link was down',
  manual: 'by hand',
};

const RECOVERIES: Readonly<Record<RecoveryCause, string>> = {
  expired: 'the token lapsed',
  rejected: 'the token was refused',
  'link-failed': 'the SDK gave up its link',
  'not-resumed': 'the SDK came back without its channels',
};

type Status = SessionState['status'] | ChannelState['status'] | RecordedOf<'subscription'>['subscription']['state'];

/** How a session, a stream channel or a subscription stands. */
const STATES: Readonly<Record<Status, readonly [label: string, tone: Tone]>> = {
  idle: ['logged out', 'quiet'],
  connecting: ['logging in', 'busy'],
  connected: ['connected', 'good'],
  waiting: ['another tab has the login', 'calm'],
  reconnecting: ['reconnecting', 'busy'],
  recovering: ['recovering', 'busy'],
  failed: ['failed', 'bad'],
  joining: ['joining', 'busy'],
  joined: ['joined', 'good'],
  rejoining: ['joining again', 'busy'],
  left: ['left', 'quiet'],
  subscribing: ['subscribing', 'busy'],
  subscribed: ['subscribed', 'good'],
  unsubscribed: ['unsubscribed', 'quiet'],
};

const DEEDS: Readonly<Record<string, string>> = {
  relogin: 'log in again',
  rejoin: 'join again',
  retry: 'make the call again',
};

/** A word of ours for one of theirs, or theirs where it is of another version. */
function wordFor(words: Readonly<Record<string, string>>, word: string): string {
  return Object.hasOwn(words, word) ? (words[word] ?? word) : word;
}

/** How something stands, with what brought it there. */
export function stateWords({
  status,
  cause,
  error,
}: {
  readonly status: string;
  readonly cause?: string;
  readonly error?: { readonly code: string };
}): { title: string; tone: Tone } {
  const [label, tone] = Object.hasOwn(STATES, status) ? STATES[status as Status] : ([status, 'quiet'] as const);
  const because = error?.code ?? (cause && recoveryWords(cause));
  return { title: because ? `${label}: ${because}` : label, tone };
}

export function linkTone(state: string): Tone {
  if (state === 'CONNECTED') return 'good';
  return state === 'FAILED' || state === 'SUSPENDED' ? 'bad' : 'busy';
}

export function causeWords(cause: string): string {
  return wordFor(CAUSES, cause);
}

export function recoveryWords(cause: string): string {
  return wordFor(RECOVERIES, cause);
}

/** What a decision does: `log in again`. */
export function deedWords(does: string): string {
  return wordFor(DEEDS, does);
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
  if (ms < 9_950) return `${(ms / 1000).toFixed(1).replace('.0', '')} s`;
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

/** The time of day, to the second or to the millisecond. */
export function timeOfDay(at: number, precise: boolean = false): string {
  const date = new Date(at);
  const seconds = date.toTimeString().slice(0, 8);
  return precise ? `${seconds}.${String(date.getMilliseconds()).padStart(3, '0')}` : seconds;
}
