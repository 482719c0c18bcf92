import type { TokenGrant, TokenRefusal } from '../token/token-source.js';
import { refusalOf, type TokenAnswer, type TokenAsk } from '../token/wire-format.js';
import { buildRtcToken, buildRtmToken, type RtmTokenOptions } from './access-token/build-signaling-tokens.js';
import type { Privileges, RtcPrivilege } from './access-token/services.js';
import type { IssuedService } from './token-handler-options.js';
import type { CheckedVerdict } from './token-verdict.js';

/** A token and the seconds for which it is good. */
export type IssuedToken = Required<TokenGrant>;

/** The tokens of one answer. */
export type IssuedTokens = TokenAnswer<IssuedToken>;

/** What all tokens of an answer have in common. */
export type CommonOptions = RtmTokenOptions & { readonly issuedAt: number };

/**
 * Makes what was asked for and is granted.
 *
 * @param joinOnly takes everything but joining away from channel tokens.
 */
export function issueTokens(
  common: CommonOptions,
  asked: TokenAsk,
  verdict: CheckedVerdict,
  joinOnly: boolean,
): IssuedTokens {
  const channels: Record<string, IssuedToken | TokenRefusal> = Object.create(null);
  for (const channelName of asked.channels) {
    const granted = verdict.channels.get(channelName);
    const privileges = granted && joinOnly ? justJoin(granted) : granted;
    channels[channelName] = channelAnswer(common, channelName, privileges);
  }
  const signaling = asked.signaling ? { signaling: signalingAnswer(common, verdict.signaling) } : {};
  return { userId: verdict.userId, ...signaling, channels };
}

/** What an answer gives, for the audit. */
export function servicesOf(issued: IssuedTokens): IssuedService[] {
  const services: IssuedService[] = [];
  if (issued.signaling && 'token' in issued.signaling) {
    services.push({ service: 'rtm', expiresInSeconds: issued.signaling.expiresIn });
  }
  for (const [channelName, given] of Object.entries(issued.channels)) {
    if ('token' in given) services.push({ service: 'rtc', channelName, expiresInSeconds: given.expiresIn });
  }
  return services;
}

function signalingAnswer(common: CommonOptions, allowed: boolean): IssuedToken | TokenRefusal {
  if (!allowed) return forbidden('This user may not log in to Signaling.');
  return { token: buildRtmToken(common), expiresIn: common.expiresInSeconds };
}

function channelAnswer(
  common: CommonOptions,
  channelName: string,
  privileges: Privileges<'rtc'> | undefined,
): IssuedToken | TokenRefusal {
  if (!privileges) return forbidden('This user may not join this channel.');
  const token = buildRtcToken({ ...common, channelName, privileges });
  return { token, expiresIn: leastLife(privileges, common.expiresInSeconds) };
}

/** What is left of a channel's privileges for someone who only wants to join. */
function justJoin(privileges: Privileges<'rtc'>): Privileges<'rtc'> {
  if (isList(privileges)) return privileges.filter((name) => name === 'joinChannel');
  return privileges.joinChannel === undefined ? {} : { joinChannel: privileges.joinChannel };
}

/** A channel token is good for as long as its shortest privilege; a privilege of 0 lasts as long as the token. */
function leastLife(privileges: Privileges<'rtc'>, lifeSeconds: number): number {
  const lives = isList(privileges) ? [] : Object.values(privileges);
  return Math.min(lifeSeconds, ...lives.filter((seconds) => seconds > 0));
}

function isList(privileges: Privileges<'rtc'>): privileges is readonly RtcPrivilege[] {
  return Array.isArray(privileges);
}

function forbidden(message: string): TokenRefusal {
  return refusalOf('FORBIDDEN', message);
}
