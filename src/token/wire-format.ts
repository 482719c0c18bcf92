import type { TokenGrant, TokenRefusal } from './token-source.js';

/** What a caller asks for. It is their word only: who they are is for `authorize` to find out. */
export interface TokenAsk {
  /** The user that the caller says to be. */
  readonly userId?: string;
  /** Whether a login token is wanted. */
  readonly signaling: boolean;
  /** The stream channels for which an RTC token is wanted, each once. */
  readonly channels: readonly string[];
}

/** What the token endpoint answers with status 200: the tokens that were asked for, each given or refused singly. */
export interface TokenAnswer<Grant extends TokenGrant = TokenGrant> {
  readonly userId: string;
  readonly signaling?: Grant | TokenRefusal;
  /** Has no prototype: a channel may be called `constructor`. */
  readonly channels: Readonly<Record<string, Grant | TokenRefusal>>;
}

/** What is said of a token that is not given, and with any status but 200 of a whole request. */
export function refusalOf(code: string, message: string): TokenRefusal {
  return { error: { code, message } };
}

/** How many channels one request may name, besides the login; a session asks for the rest with the next. */
export const MAX_CHANNELS = 100;

/** The longest life of a token that Agora honours, in seconds: 24 hours ("Secure authentication with tokens"). */
export const MAX_LIFE_SECONDS = 86_400;

/** The routes of the sample servers in Agora's guides to token authentication, for logins and for channels. */
export const GUIDE_ROUTES: { readonly login: 'fetch_rtm_token'; readonly channel: 'fetch_rtc_token' } = {
  login: 'fetch_rtm_token',
  channel: 'fetch_rtc_token',
};

/** The guide's numbers for what a user may do in a channel. */
export const GUIDE_ROLES: { readonly publisher: 1; readonly subscriber: 2 } = { publisher: 1, subscriber: 2 };

/** The highest number that a user of RTC may have; the guide's server takes numbers only. */
export const MAX_UID = 0xffff_ffff;
