import type {
  ChannelState,
  RecoveryCause,
  RestoreResult,
  SessionErrorCode,
  SessionEvents,
  SessionState,
  TokenSnapshot,
  TokenTarget,
} from 'agora-session';
import { took } from '../durations.js';

/** Why a token was fetched; follows "Fetched" or "Renewed". */
const CAUSES: Readonly<Record<TokenSnapshot['cause'], string>> = {
  login: 'for the login',
  join: 'to join the channel',
  schedule: 'on schedule',
  'will-expire': 'because Signaling warned that it was about to expire',
  expired: 'because the last one had expired',
  rejected: 'because Signaling refused the last one',
  wake: 'after the page had slept',
  reconnected: 'after the link had been down',
  manual: 'by hand',
};

const RECOVERIES: Readonly<Record<RecoveryCause, string>> = {
  expired: 'The token expired',
  rejected: 'Signaling refused the token',
  'link-failed': 'The SDK gave up its link',
  'not-resumed': 'The SDK came back without its channels',
};

/** A session's own messages are for developers; these ends concern the user. */
const ENDS: Partial<Readonly<Record<SessionErrorCode, { title: string; detail: string }>>> = {
  DISPLACED: {
    title: 'Logged in elsewhere',
    detail: 'This user logged in somewhere else, which ended the login here.',
  },
  KICKED: { title: 'Removed', detail: 'Signaling removed this user.' },
  TOKEN_DENIED: { title: 'Denied', detail: 'The token server gives this user no token.' },
};

/** The session's state as a headline and a sentence. */
export function describeState(state: SessionState): { title: string; detail: string } {
  switch (state.status) {
    case 'idle':
      return { title: 'Not logged in', detail: 'A login fetches a token and connects.' };
    case 'connecting':
      return { title: 'Logging in', detail: 'Fetching a token and connecting.' };
    case 'connected':
      return { title: 'Connected', detail: 'Signaling knows this user.' };
    case 'waiting':
      return { title: 'Waiting', detail: 'Another tab of this browser has the login.' };
    case 'reconnecting':
      return { title: 'Reconnecting', detail: `The link is down (${state.cause}). The SDK is restoring it.` };
    case 'recovering':
      return { title: 'Recovering', detail: `${RECOVERIES[state.cause]}. Logging in again, attempt ${state.attempt}.` };
    case 'failed':
      return ENDS[state.error.code] ?? { title: 'Stopped', detail: state.error.message };
  }
}

/** How the tokens stand, of a session that is connected. */
export function describeTokens(tokens: readonly TokenSnapshot[]): string {
  // A denial does not end the login at once, so the state alone does not tell of it.
  if (tokens.some(({ target, status }) => target.kind === 'signaling' && status === 'denied')) {
    return 'The token server denied a new token. The login ends when this one lapses.';
  }
  const failing = tokens.find(({ failures }) => failures > 0);
  if (failing) return `No new ${describeTarget(failing.target)} yet. The one in use is good until it lapses.`;
  return 'A new token is asked for before one lapses.';
}

export function describeTarget(target: TokenTarget): string {
  return target.kind === 'signaling' ? 'login token' : `${target.channelName} token`;
}

export function describeCause(cause: TokenSnapshot['cause']): string {
  return CAUSES[cause];
}

type EventOf<Name extends keyof SessionEvents> = Parameters<SessionEvents[Name]>[0];

export function describeRenewal({ target, cause, lifetimeMs, tookMs }: EventOf<'tokenRenewed'>): string {
  const lives = took(lifetimeMs);
  return `Renewed the ${describeTarget(target)} ${CAUSES[cause]}, in ${took(tookMs)}. The new one lives ${lives}.`;
}

export function describeTokenError({ target, error, attempt, retryInMs }: EventOf<'tokenError'>): string {
  const next = retryInMs === null ? 'Nobody asks again by itself.' : `Next try in ${took(retryInMs)}.`;
  return `No new ${describeTarget(target)}, attempt ${attempt} (${error.code}). ${error.message} ${next}`;
}

export function describeChannel(channelName: string, state: ChannelState): string {
  switch (state.status) {
    case 'joining':
      return `Joining the stream channel ${channelName}.`;
    case 'joined':
      return `Joined the stream channel ${channelName}.`;
    case 'rejoining':
      return `Lost the stream channel ${channelName}.`;
    case 'failed':
      return `The stream channel ${channelName} failed (${state.error.code}). ${state.error.message}`;
    case 'left':
      return `Left the stream channel ${channelName}.`;
  }
}

export function describeRestored({ results, gap }: EventOf<'restored'>): string {
  const back = results.filter(({ ok }) => ok).map(describeItem);
  const missing = results.filter(({ ok }) => !ok).map(describeItem);
  return [
    back.length > 0 ? `Restored ${listed(back)}.` : 'There was nothing to restore.',
    missing.length > 0 ? `Still missing: ${listed(missing)}.` : '',
    `Messages from the ${took(gap.to - gap.from)} between may have been missed.`,
  ].join(' ');
}

function describeItem({ kind, channelName, topicName }: RestoreResult): string {
  if (kind === 'subscription') return `the subscription to ${channelName}`;
  if (kind === 'channel') return `the stream channel ${channelName}`;
  return kind === 'topic' ? `its topic ${topicName}` : `those heard in ${topicName}`;
}

/** `alice, bob, and carol`; of many only the first. */
export function listed(items: Iterable<string>, most: number = 6): string {
  const all = [...items];
  const more = all.length - most;
  return new Intl.ListFormat('en').format(more > 0 ? [...all.slice(0, most), `${more} more`] : all);
}

/** What went wrong with a call. Of an error that is not the session's only the code is shown: the SDK's messages may quote tokens. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'It failed.';
  if (error.name === 'SessionError') return error.message;
  return 'code' in error ? `The SDK refused it (${error.code}).` : error.message;
}
