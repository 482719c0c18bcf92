import type { ReasonClass } from '../state/reason-class.js';
import type { SessionErrorCode } from '../state/session-error.js';

/** What is done about a failure of one reason class. */
export interface Remedy {
  /** In words: what a developer is told when asking why. */
  readonly why: string;
  /** FAILED or a refusal of the login: log out, log in again and restore, or stop with an error. */
  readonly login: LoginRemedy;
  /** FAILED of a stream channel, or a refused join: join again and restore its topics, or stop with an error. */
  readonly channel: ChannelRemedy;
  /** A refused call for anything else that is wanted: repeat it with backoff, or stop with `CHANNEL_FAILED`. */
  readonly other: 'retry' | 'stop';
  /** A refused renewal: the token is given again `later` or, having `failed`, with backoff; one that is `refused` is replaced. */
  readonly renewal: 'later' | 'failed' | 'refused';
}

/** For a login. */
export type LoginRemedy =
  /** `patience` multiplies the backoff; after `refusals` in a row the session stops with `code`; the number of other failures is the app's to limit. */
  | { readonly do: 'relogin'; readonly patience: number; readonly code: SessionErrorCode; readonly refusals: number }
  /** `keepsTurn`: whether a tab keeps its turn (`tabs: 'wait'`), or the next one would fight the other device. */
  | { readonly do: 'stop'; readonly code: SessionErrorCode; readonly message: string; readonly keepsTurn: boolean };

/** For a stream channel. */
export type ChannelRemedy =
  /** After `rejoins` losses in a row that are taken, or at the join that is refused for the `refusals`th time in a row, it stops with `code`. */
  | { readonly do: 'rejoin'; readonly code: SessionErrorCode; readonly rejoins: number; readonly refusals: number }
  | { readonly do: 'stop'; readonly code: SessionErrorCode };

const ALWAYS = Number.POSITIVE_INFINITY;
const RELOGIN: LoginRemedy = { do: 'relogin', patience: 1, code: 'LOGIN_FAILED', refusals: ALWAYS };
const REJOIN: ChannelRemedy = { do: 'rejoin', code: 'CHANNEL_FAILED', rejoins: ALWAYS, refusals: ALWAYS };
const AGAIN: Omit<Remedy, 'why'> = { login: RELOGIN, channel: REJOIN, other: 'retry', renewal: 'failed' };

/**
 * The one table of remedies. FAILED means that the SDK has given up; every other state it works on by itself ("Connection states").
 * A stream channel's trouble never touches the login.
 */
export const REMEDIES: Readonly<Record<ReasonClass, Remedy>> = {
  progress: { why: 'The SDK gave up in the middle of its work.', ...AGAIN },
  success: { why: 'The SDK ended without a reason.', ...AGAIN },
  network: { why: 'The way to Signaling is broken.', ...AGAIN },
  channel: { why: 'The channel has a problem of its own.', ...AGAIN },
  unknown: { why: 'The SDK gave up and does not say why.', ...AGAIN },
  expiring: { why: 'The token is about to lapse.', ...AGAIN },
  throttled: {
    ...AGAIN,
    why: 'There were too many logins or calls in too short a time.',
    login: { ...RELOGIN, patience: 8 },
    renewal: 'later',
  },
  token: {
    ...AGAIN,
    why: 'The token was refused or has lapsed; a fresh one is needed.',
    login: { do: 'relogin', patience: 1, code: 'TOKEN_REJECTED', refusals: 2 },
    channel: { do: 'rejoin', code: 'TOKEN_REJECTED', rejoins: 2, refusals: 2 },
    renewal: 'refused',
  },
  displaced: {
    why: 'The same user logged in elsewhere.',
    login: {
      do: 'stop',
      code: 'DISPLACED',
      message: 'The same user logged in elsewhere; ask the user before logging in here again.',
      keepsTurn: true,
    },
    channel: { do: 'stop', code: 'CHANNEL_FAILED' },
    other: 'retry',
    renewal: 'failed',
  },
  kicked: {
    why: 'The server removed the user. For a stream channel this stands for nearly every loss of its connection.',
    login: { do: 'stop', code: 'KICKED', message: 'The server removed this user from Signaling.', keepsTurn: true },
    channel: { do: 'rejoin', code: 'CHANNEL_FAILED', rejoins: 3, refusals: ALWAYS },
    other: 'retry',
    renewal: 'failed',
  },
  configuration: {
    why: 'The project, the account or an argument is wrong; trying again cannot help.',
    login: {
      do: 'stop',
      code: 'CONFIGURATION',
      message: 'Signaling rejects this project, user or `rtmConfig`; see `cause.code` and the Agora Console.',
      keepsTurn: false,
    },
    channel: { do: 'stop', code: 'CHANNEL_FAILED' },
    other: 'stop',
    renewal: 'refused',
  },
};
