import type { AccessTokenInfo, AccessTokenService } from './access-token-content.js';
import { canReadAccessTokens, readAccessToken } from './read-access-token.js';
import { MAX_LIFE_MS } from './refresh-schedule.js';
import type { TokenErrorCode, TokenFailure } from './token-failure.js';
import type { TokenGrant, TokenRefusal, TokenTarget } from './token-source.js';

/** Against what a grant is checked before the SDK sees its token. */
export interface GrantExpectation {
  readonly target: TokenTarget;
  readonly appId: string;
  readonly userId: string;
  /** The tokens in use or found useless; getting one of them again is no renewal. */
  readonly previous: readonly (string | null)[];
  /** Our wall clock when the request was sent, milliseconds. */
  readonly sentAt: number;
  /** The server's clock when it answered, milliseconds; null where it cannot be read. */
  readonly servedAt: number | null;
}

/** The outcome of a check: a token with the life to count from the sending of its request, or why it is of no use. */
export type GrantVerdict =
  | { readonly ok: true; readonly token: string; readonly lifeMs: number; readonly warning: string | null }
  | { readonly ok: false; readonly failure: TokenFailure };

/** Life of a token that cannot be read and came without `expiresIn`: short, and never "for ever". */
export const UNREADABLE_LIFE_MS = 600_000;

/**
 * Checks one grant before the SDK sees it. The SDK itself notices little: a token for another user or for the wrong service makes a
 * login fail without a reason or time out, and the identical token is swallowed as if it renewed something.
 */
export async function checkGrant(
  grant: TokenGrant | TokenRefusal | undefined,
  expected: GrantExpectation,
): Promise<GrantVerdict> {
  const subject = describeTarget(expected.target);
  if (typeof grant !== 'object' || grant === null)
    return unusable('TOKEN_INVALID', `The answer has no token for ${subject}.`);
  if ('error' in grant && grant.error) return denied(grant, subject);
  if (!('token' in grant)) return unusable('TOKEN_INVALID', `The answer has no token for ${subject}.`);
  const { token, expiresIn } = grant;
  if (typeof token !== 'string' || token === '') return unusable('TOKEN_INVALID', `The token for ${subject} is empty.`);
  if (expiresIn !== undefined && !Number.isFinite(expiresIn)) {
    return unusable('TOKEN_INVALID', `\`expiresIn\` for ${subject} must be a number of seconds.`);
  }
  if (expiresIn !== undefined && expiresIn <= 0) return lapsed(subject);
  if (expected.previous.includes(token)) {
    return unusable(
      'TOKEN_UNCHANGED',
      `The token server gave the same token for ${subject} again, which renews nothing.`,
    );
  }
  if (!token.startsWith('007') || !canReadAccessTokens()) return unread(token, expiresIn, subject);
  const info = await readAccessToken(token).catch(() => null);
  if (!info) return unusable('TOKEN_INVALID', `The token for ${subject} is damaged.`);
  return judge(info, grant, expected);
}

function judge(info: AccessTokenInfo, { token, expiresIn }: TokenGrant, expected: GrantExpectation): GrantVerdict {
  const subject = describeTarget(expected.target);
  const mismatch = findMismatch(info, expected);
  if (mismatch) return unusable('TOKEN_MISMATCH', `The token for ${subject} ${mismatch}`);
  const ownLifeMs = ownLife(info, expected.target) * 1000;
  const issuedAt = info.issuedAt * 1000;
  if (expected.servedAt !== null && issuedAt + ownLifeMs <= expected.servedAt) return lapsed(subject);
  const lives = [ownLifeMs, MAX_LIFE_MS];
  if (expiresIn !== undefined) lives.push(expiresIn * 1000);
  // Whose clock tells how old a cached token is? The server's where it can be read; else ours, which may only make us ask earlier.
  const age = (expected.servedAt ?? expected.sentAt) - issuedAt;
  const clockTrusted = expected.servedAt !== null || expiresIn === undefined;
  if (clockTrusted && age > 0 && age < ownLifeMs) lives.push(ownLifeMs - age);
  return { ok: true, token, lifeMs: Math.min(...lives), warning: warn(ownLifeMs, age, expiresIn, subject) };
}

function warn(ownLifeMs: number, ageMs: number, expiresIn: number | undefined, subject: string): string | null {
  if (ownLifeMs > MAX_LIFE_MS) {
    const absolute = ownLifeMs > 1e12 ? ' Its life looks like a point in time where seconds from now are meant.' : '';
    return `The token for ${subject} claims ${Math.round(ownLifeMs / MAX_LIFE_MS)} days; Agora honours 24 hours at most.${absolute}`;
  }
  if (expiresIn === undefined && ageMs >= ownLifeMs) {
    return `By this device's clock the token for ${subject} has lapsed already; the clock may be wrong, so it is used all the same.`;
  }
  return null;
}

/** Says in half a sentence why a token does not fit, or null when it does. */
export function findMismatch(
  info: AccessTokenInfo,
  expected: Pick<GrantExpectation, 'target' | 'appId' | 'userId'>,
): string | null {
  const { target, appId, userId } = expected;
  if (info.appId.toLowerCase() !== appId.toLowerCase()) return `is for another app ID (${info.appId}).`;
  const services = info.services.filter((service) => serves(service, target));
  // A service of a type that is not known here may be the one.
  if (services.length === 0 && info.unknownServices.length > 0) return null;
  if (services.length === 0) {
    return target.kind === 'signaling'
      ? 'has no Signaling (RTM) service; it may be an RTC token.'
      : 'has no RTC service with the right to join; it may be a login (RTM) token.';
  }
  const forUser = services.filter((service) => 'userId' in service && isFor(service.userId, userId, target));
  if (forUser.length === 0) return `is for another user (${userOf(services[0])}).`;
  if (target.kind === 'signaling') return null;
  const names = forUser.map((service) => ('channelName' in service ? service.channelName : ''));
  if (names.includes(target.channelName) || names.includes('*')) return null;
  return `is for another channel (${names[0]}).`;
}

function serves(service: AccessTokenService, target: TokenTarget): boolean {
  if (target.kind === 'signaling')
    return (service.name === 'rtm' || service.name === 'rtm2') && service.privileges.has(1);
  return service.name === 'rtc' && service.privileges.has(1);
}

/** An RTC token without a user is for any user. */
function isFor(named: string, userId: string, target: TokenTarget): boolean {
  return named === userId || (target.kind === 'stream' && named === '');
}

function userOf(service: AccessTokenService | undefined): string {
  return service && 'userId' in service ? service.userId : '';
}

/** Seconds of life: the least of the token's and its privilege's; a privilege of 0 lasts as long as the token. */
function ownLife(info: AccessTokenInfo, target: TokenTarget): number {
  const privileges = info.services
    .filter((service) => serves(service, target))
    .map((service) => service.privileges.get(1) ?? 0);
  return Math.min(info.expiresInSeconds, ...privileges.filter((seconds) => seconds > 0));
}

function unread(token: string, expiresIn: number | undefined, subject: string): GrantVerdict {
  const lifeMs = expiresIn === undefined ? UNREADABLE_LIFE_MS : Math.min(expiresIn * 1000, MAX_LIFE_MS);
  return {
    ok: true,
    token,
    lifeMs,
    warning: `The token for ${subject} cannot be read here and is passed on unchecked.`,
  };
}

function denied(refusal: TokenRefusal, subject: string): GrantVerdict {
  const code = typeof refusal.error?.code === 'string' ? ` (${refusal.error.code})` : '';
  return {
    ok: false,
    failure: {
      code: 'TOKEN_DENIED',
      kind: 'denied',
      message: `The token server refused the token for ${subject}${code}.`,
    },
  };
}

function lapsed(subject: string): GrantVerdict {
  return unusable('TOKEN_LAPSED', `The token server gave a token for ${subject} that has lapsed already.`);
}

function unusable(code: TokenErrorCode, message: string): GrantVerdict {
  return { ok: false, failure: { code, kind: 'unusable', message } };
}

/** Names a target in a sentence. */
export function describeTarget(target: TokenTarget): string {
  return target.kind === 'signaling' ? 'the login' : `the stream channel "${target.channelName}"`;
}
