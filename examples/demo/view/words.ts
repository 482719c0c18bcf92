import type { SessionErrorCode, SessionState, TokenSnapshot } from 'agora-session';
import type { ByHandState } from '../world/by-hand-app.js';

/** How good a state is, which is its colour. */
export type Mood = 'good' | 'busy' | 'bad' | 'off';

/** A state, in words that hold for as long as it does. */
export interface Words {
  readonly mood: Mood;
  readonly text: string;
}

const CAUSES: Readonly<Record<Extract<SessionState, { status: 'recovering' }>['cause'], string>> = {
  expired: 'the token lapsed',
  rejected: 'the token was refused',
  'link-failed': 'the link failed',
  'not-resumed': 'the link came back without its channels',
};

const ENDS: Partial<Readonly<Record<SessionErrorCode, string>>> = {
  DISPLACED: 'logged in elsewhere, so logged out here',
  TOKEN_DENIED: 'logged out: the token server gives no token',
  KICKED: 'removed by the server',
};

/** What alice's session is at. */
export function sessionWords(state: SessionState): Words {
  switch (state.status) {
    case 'idle':
      return { mood: 'off', text: 'not logged in' };
    case 'connecting':
      return { mood: 'busy', text: 'logging in' };
    case 'connected':
      return { mood: 'good', text: 'connected' };
    case 'waiting':
      return { mood: 'off', text: 'another tab has the login' };
    case 'reconnecting':
      return { mood: 'busy', text: 'link down, the SDK is restoring it' };
    case 'recovering':
      return { mood: 'busy', text: `recovering: ${CAUSES[state.cause]}, attempt ${state.attempt}` };
    case 'failed':
      return { mood: 'bad', text: ENDS[state.error.code] ?? `stopped: ${state.error.code}` };
  }
}

const BY_HAND: Readonly<Record<ByHandState, Words>> = {
  'logging in': { mood: 'busy', text: 'logging in' },
  connected: { mood: 'good', text: 'connected' },
  reconnecting: { mood: 'busy', text: 'link down, the SDK is restoring it' },
  'logged out': { mood: 'bad', text: 'offline: its one try to log in failed' },
};

/** What carol's page is at. */
export function byHandWords(state: ByHandState): Words {
  return BY_HAND[state];
}

/** One token of alice's, as a line. */
export function tokenWords({ target, status, expiresAt, retriesAt }: TokenSnapshot, now: number): string {
  const name = target.kind === 'signaling' ? 'login' : target.channelName;
  const left = expiresAt <= now ? 'lapsed' : `${seconds(expiresAt - now)} left`;
  if (status === 'denied') return `${name} token: ${left}, a new one is denied`;
  if (status === 'requesting' && retriesAt !== null && retriesAt > now) {
    return `${name} token: ${left}, next try in ${seconds(retriesAt - now)}`;
  }
  return `${name} token: ${left}${status === 'requesting' ? ', asking for a new one' : ''}`;
}

/** The login token of carol's, as Signaling knows it. */
export function heldTokenWords(expiresAt: number | null, now: number): string {
  if (expiresAt === null) return 'no login';
  return `login token: ${expiresAt <= now ? 'lapsed' : `${seconds(expiresAt - now)} left`}`;
}

/** Whole seconds and never less than what is left. */
export function seconds(ms: number): string {
  const whole = Math.max(0, Math.ceil(ms / 1000));
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}
