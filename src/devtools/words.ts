import type { AsJson, RecoveryCause, RestoreResult, SessionState, TokenSnapshot, TokenTarget } from '../index.js';
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

const STATES: Readonly<Record<SessionState['status'], readonly [label: string, tone: Tone]>> = {
  idle: ['logged out', 'quiet'],
  connecting: ['logging in', 'busy'],
  connected: ['connected', 'good'],
  waiting: ['another tab has the login', 'calm'],
  reconnecting: ['reconnecting', 'busy'],
  recovering: ['recovering', 'busy'],
  failed: ['failed', 'bad'],
};

const CHANNEL_STATES: Readonly<Record<string, readonly [label: string, tone: Tone]>> = {
  joining: ['joining', 'busy'],
  joined: ['joined', 'good'],
  rejoining: ['joining again', 'busy'],
  subscribing: ['subscribing', 'busy'],
  subscribed: ['subscribed', 'good'],
  failed: ['failed', 'bad'],
  left: ['left', 'quiet'],
  unsubscribed: ['unsubscribed', 'quiet'],
};

const LINKS: Readonly<Record<string, Tone>> = {
  CONNECTED: 'good',
  CONNECTING: 'busy',
  DISCONNECTED: 'busy',
  DISCONNECTING: 'busy',
  SUSPENDED: 'bad',
  FAILED: 'bad',
};

const DEEDS: Readonly<Record<string, string>> = {
  relogin: 'log in again',
  rejoin: 'join again',
  retry: 'make the call again',
  wait: 'wait',
  stop: 'stop',
};

export function stateWords(state: AsJson<SessionState>): { label: string; tone: Tone } {
  const [label, tone] = wordsOf(STATES, state.status);
  if (state.status === 'recovering') return { label: `${label}: ${RECOVERIES[state.cause] ?? state.cause}`, tone };
  if (state.status === 'reconnecting') return { label: `${label}: ${state.cause}`, tone };
  if (state.status === 'failed') return { label: `${label}: ${state.error?.code ?? ''}`, tone };
  return { label, tone };
}

/** Of a stream channel or of a subscription. */
export function channelWords(status: string, code?: string): { label: string; tone: Tone } {
  const [label, tone] = wordsOf(CHANNEL_STATES, status);
  return { label: status === 'failed' && code ? `${label}: ${code}` : label, tone };
}

export function linkTone(state: string): Tone {
  return Object.hasOwn(LINKS, state) ? (LINKS[state] ?? 'quiet') : 'quiet';
}

function wordsOf(table: Readonly<Record<string, readonly [string, Tone]>>, key: string): readonly [string, Tone] {
  return (Object.hasOwn(table, key) ? table[key] : undefined) ?? [key, 'quiet'];
}

export function causeWords(cause: string): string {
  return Object.hasOwn(CAUSES, cause) ? CAUSES[cause as TokenSnapshot['cause']] : cause;
}

export function recoveryWords(cause: string): string {
  return Object.hasOwn(RECOVERIES, cause) ? RECOVERIES[cause as RecoveryCause] : cause;
}

export function deedWords(does: string): string {
  return Object.hasOwn(DEEDS, does) ? (DEEDS[does] ?? does) : does;
}

/** `login token`, `stage token`. */
export function targetWords(target: TokenTarget): string {
  return target.kind === 'signaling' ? 'login token' : `${target.channelName} token`;
}

/** What a decision is about: `the login`, `topic chat of stage`. */
export function subjectWords({ kind, channelName, topic }: RecordedOf<'decision'>['about']): string {
  if (kind === 'login') return 'the login';
  if (kind === 'subscription') return `the subscription to ${channelName}`;
  if (kind === 'channel') return `channel ${channelName}`;
  return `${kind === 'topic' ? 'topic' : 'those heard in'} ${topic} of ${channelName}`;
}

export function resultWords({ kind, channelName, topicName }: AsJson<RestoreResult>): string {
  return subjectWords({ kind, channelName, topic: topicName ?? null });
}

/** How long something took or takes: `80 ms`, `4.7 s`, `3 min 20 s`, `1 h 5 min`. */
export function duration(ms: number): string {
  const positive = Math.max(0, ms);
  if (positive < 995) return `${Math.round(positive)} ms`;
  const seconds = Math.round(positive / 1000);
  if (seconds < 60) return positive < 9_950 ? `${(positive / 1000).toFixed(1).replace('.0', '')} s` : `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
}

/** The time of day, to the second or to the millisecond. */
export function timeOfDay(at: number, precise: boolean = false): string {
  const date = new Date(at);
  const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');
  const seconds = `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
  return precise ? `${seconds}.${pad(date.getMilliseconds(), 3)}` : seconds;
}
