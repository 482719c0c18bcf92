import type { TokenGrant, TokenRefusal } from '../token/token-source.js';
import { buildRtcToken, buildRtmToken, type RtmTokenOptions } from './access-token/build-signaling-tokens.js';
import { InvalidArgumentError } from './access-token/errors.js';
import type { Privileges, RtcPrivilege } from './access-token/services.js';
import type { EndpointRequest } from './endpoint.js';
import type { LimitVerdict } from './rate-limiter.js';
import type { IssuedService, TokenHandlerOptions } from './token-handler-options.js';
import { TokenRequestError } from './token-request-error.js';
import { type CheckedVerdict, checkVerdict, type TokenAsk, type TokenVerdict } from './token-verdict.js';

/** A token and the seconds for which it is good. */
export type IssuedToken = Required<TokenGrant>;

/** The tokens of one answer, each given or refused singly. */
export interface IssuedTokens {
  readonly userId: string;
  readonly signaling?: IssuedToken | TokenRefusal;
  /** Has no prototype: a channel may be called `constructor`. */
  readonly channels: Readonly<Record<string, IssuedToken | TokenRefusal>>;
}

/** What a request leaves no choice about. */
export interface IssueLimits {
  /** Takes everything but joining away from channel tokens. */
  readonly joinOnly?: boolean;
  /** Whether tokens for another user than the one named are refused (403) rather than given. */
  readonly onlyForAsked?: boolean;
}

/** Finds out who asks and makes what they may have. */
export type Issue = (request: EndpointRequest, asked: TokenAsk, limits?: IssueLimits) => Promise<IssuedTokens>;

/** What decides about a request, apart from how it is put on the wire. */
export type IssuerOptions = Pick<
  TokenHandlerOptions,
  'appId' | 'appCertificate' | 'expiresInSeconds' | 'authorize' | 'limit' | 'onIssued' | 'now'
>;

type CommonOptions = RtmTokenOptions & { readonly issuedAt: number };

const DEFAULT_LIFE_SECONDS = 3600;
const LONGEST_WAIT_SECONDS = 366 * 86_400;

/** The one place where a request becomes tokens: authorize, limit, build, report. It keeps nothing between requests. */
export function createIssuer(options: IssuerOptions): Issue {
  return async (request, asked, { joinOnly = false, onlyForAsked = false } = {}) => {
    const { appId, appCertificate, now = Date.now } = options;
    const verdict = recognised(await options.authorize(request.asRequest(), asked));
    if (onlyForAsked && verdict.userId !== asked.userId) {
      throw new TokenRequestError(403, 'FORBIDDEN', 'Forbidden. The user ID is not that of who asks.');
    }
    if (options.limit) demandWithin(await options.limit(verdict.userId, request.asRequest()));
    const common: CommonOptions = {
      appId,
      appCertificate: typeof appCertificate === 'function' ? await appCertificate() : appCertificate,
      userId: verdict.userId,
      expiresInSeconds: verdict.expiresInSeconds ?? options.expiresInSeconds ?? DEFAULT_LIFE_SECONDS,
      issuedAt: Math.floor(now() / 1000),
    };
    const channels: Record<string, IssuedToken | TokenRefusal> = Object.create(null);
    for (const channelName of asked.channels) {
      const granted = verdict.channels.get(channelName);
      const privileges = granted && joinOnly ? justJoin(granted) : granted;
      channels[channelName] = channelAnswer(common, channelName, privileges);
    }
    const signaling = asked.signaling ? { signaling: signalingAnswer(common, verdict.signaling) } : {};
    const answer: IssuedTokens = { userId: verdict.userId, ...signaling, channels };
    const services = options.onIssued ? servicesOf(answer) : [];
    if (services.length > 0) {
      await options.onIssued?.({ userId: verdict.userId, services, issuedAt: common.issuedAt });
    }
    return answer;
  };
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

/** What an answer gives, for the audit. */
function servicesOf(answer: IssuedTokens): IssuedService[] {
  const services: IssuedService[] = [];
  if (answer.signaling && 'token' in answer.signaling) {
    services.push({ service: 'rtm', expiresInSeconds: answer.signaling.expiresIn });
  }
  for (const [channelName, issued] of Object.entries(answer.channels)) {
    if ('token' in issued) services.push({ service: 'rtc', channelName, expiresInSeconds: issued.expiresIn });
  }
  return services;
}

/** @throws TokenRequestError 401 where nobody was recognised, InvalidArgumentError for what is no verdict. */
function recognised(verdict: TokenVerdict | null): CheckedVerdict {
  if (verdict) return checkVerdict(verdict);
  throw new TokenRequestError(401, 'UNAUTHORIZED', 'The token server does not know who asks: sign in first.');
}

/** @throws TokenRequestError 429 for who has to wait, InvalidArgumentError for what is no verdict: that lets nobody pass. */
function demandWithin(verdict: LimitVerdict | undefined): void {
  if (verdict === null || verdict === undefined) return;
  const { retryAfterSeconds } = verdict;
  if (typeof retryAfterSeconds !== 'number' || !(retryAfterSeconds >= 0 && retryAfterSeconds <= LONGEST_WAIT_SECONDS)) {
    throw new InvalidArgumentError('limit', 'must answer null, or retryAfterSeconds with a number of seconds.');
  }
  const seconds = Math.max(1, Math.ceil(retryAfterSeconds));
  throw new TokenRequestError(429, 'RATE_LIMITED', `Too many requests: ask again in ${seconds} s.`, {
    'retry-after': String(seconds),
  });
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
  return { error: { code: 'FORBIDDEN', message } };
}
